output "active_target" {
  description = "The front that visitors are sent to."
  value       = multidns_router.web.active_target
}

output "reason" {
  description = "Why that one."
  value       = multidns_router.web.reason
}

output "in_sync" {
  description = "Whether both operators hold what is declared."
  value       = multidns_record.www.in_sync && multidns_router.web.in_sync
}

output "owed" {
  description = "What an operator still has to be told, by operator. Empty when all is well."
  value = {
    for name, held in multidns_router.web.operators : name => held.message if held.status == "out_of_sync"
  }
}

output "slowest_answer" {
  description = "Seconds for which a resolver may go on using the old front after a switch."
  value       = multidns_router.web.max_ttl
}
