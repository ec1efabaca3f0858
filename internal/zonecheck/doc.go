// Package zonecheck finds what a person should look at in a zone: where the operators differ, and whether the zone is
// delegated to, known by and signed for all of them. It is told what was seen and asks nobody.
package zonecheck
