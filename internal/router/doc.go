// Package router decides which target a router points to.
//
// The decision is a pure function of the configuration and the prior state. It reads no clock: the time is
// Config.EvaluatedAt or nothing, because Terraform computes each plan twice and refuses the apply when the two differ
// (design/facts/terraform-behaviour.md section 13).
//
// The rules, in this order:
//
//  1. A pin in force wins.
//  2. Nothing active (the router is new, or its active target was removed): the first healthy target, else the
//     first one of unknown health, else the first one.
//  3. The active target is healthy or of unknown health: it stays, unless failback is automatic and a preferred
//     target has been seen healthy for the delay.
//  4. The active target is unhealthy: the first healthy target; if there is none, it stays. Unknown health never
//     causes a switch.
//
// # Waiting for a failback
//
// With a delay, one preferred target at a time is waited for: the first that was healthy when the waiting began. It is
// waited for as long as every run sees it healthy; any other sight of it, and any switch, ends the waiting, and the
// same run begins anew if a preferred target is healthy then. A better target that recovers meanwhile does not restart
// the clock, or one flapping target could keep the router from a steady one for ever. It has its own turn, and its own
// delay, after the failback. So a failback never follows another switch within the delay.
//
// Which target is waited for is kept in State.Reason, as the end of the sentence: people need it there anyway, and it
// is compared, never parsed, so that a renamed target merely starts its waiting again.
package router
