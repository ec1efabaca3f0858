variable "zone" {
  description = "The zone. Cloudflare and deSEC both hold it, and the parent delegates to the name servers of both."
  type        = string
  default     = "example.com"
}

variable "health_url" {
  description = "What a visitor would ask for to know whether the site works."
  type        = string
  default     = "https://www.example.com/health"
}

variable "cf_front" {
  description = "The first front. host is what the router points to, connect_to where the probe connects (by default host)."
  type        = object({ host = string, connect_to = optional(string) })
  default     = { host = "www.example.com.cdn.cloudflare.net" }
}

variable "bunny_front" {
  description = "The second front."
  type        = object({ host = string, connect_to = optional(string) })
  default     = { host = "example.b-cdn.net" }
}

variable "failback_delay" {
  description = "How long the first front must have been healthy before the router returns to it."
  type        = string
  default     = "10m"
}

variable "request_timeout" {
  description = "How long an operator's API may be silent before it counts as out."
  type        = string
  default     = "10s"
}
