// Package dnssec decides how two operators sign one zone together (RFC 8901 section 2.1.2, model 2): which keys each of
// them must take over from the other, when every cache is sure to know them, and from when on the parent may have which
// DS.
//
// It is pure: [Step] makes of what is remembered and what was observed what is to be remembered and said next. Time
// comes with the observation; nobody is asked here. design/two-signers.md says why the rules are as they are.
package dnssec
