import {
  to = multidns_router.web
  id = "example.com/web-router/CNAME"
}
