# Does one front serve the site? The request goes to that front, whatever www points to today; URL, Host header and
# certificate check are those of a visitor.
data "multidns_health" "cf" {
  http = {
    url           = "https://www.example.com/health"
    connect_to    = "www.example.com.cdn.cloudflare.net"
    body_contains = "ok"
  }

  # Two of three attempts must succeed (the default), each within two seconds.
  timeout = "2s"

  # An error if connect_to leads through the router: such a probe would look at itself.
  not_via = ["web-router.example.com"]

  # If these cannot be reached either, the runner has no network: healthy is null, and nothing is switched.
  controls = ["https://www.cloudflare.com", "https://desec.io"]
}

# Null is neither true nor false: compare with == true.
output "cf_front_works" {
  value = data.multidns_health.cf.healthy == true
}
