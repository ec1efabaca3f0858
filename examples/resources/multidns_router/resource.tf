# web-router points to the first front that is healthy; www.example.com is an alias of it.
data "multidns_health" "cf" {
  http = {
    url        = "https://www.example.com/health"
    connect_to = "www.example.com.cdn.cloudflare.net"
  }
  not_via = ["web-router.example.com"]
}

data "multidns_health" "bunny" {
  http = {
    url        = "https://www.example.com/health"
    connect_to = "example.b-cdn.net"
  }
  not_via = ["web-router.example.com"]
}

resource "multidns_router" "web" {
  zone  = "example.com"
  name  = "web-router"
  desec = { ttl = 3600 } # deSEC's smallest TTL is usually an hour

  targets = [
    { name = "cf-front", values = ["www.example.com.cdn.cloudflare.net"], healthy = data.multidns_health.cf.healthy },
    { name = "bunny-front", values = ["example.b-cdn.net"], healthy = data.multidns_health.bunny.healthy },
  ]

  failback     = { delay = "10m" }
  evaluated_at = plantimestamp()
}
