// Package answers asks each name server of a zone itself, over UDP and TCP, and says where they are silent, lame or
// differ. It is the proof after a change that the world sees the same at all operators.
package answers
