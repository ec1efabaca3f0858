import {
  to = multidns_router.web
  identity = {
    zone = "example.com"
    name = "web-router"
    type = "CNAME"
  }
}
