// Command demo shows what this provider is for, on one machine and without an account: a real Terraform or OpenTofu
// applies examples/failover against the sandbox, through a front's failure and through the failure of Cloudflare's API
// on top of it. After each act it asks both operators' name servers and checks what must hold. Its exit code is 1 when
// anything was not as it must be, and 130 after Ctrl-C.
//
// What it checks it reads from the name servers, the APIs and the CLI's own output and state, never from the provider's
// packages: a mistake there must not hide itself.
package main
