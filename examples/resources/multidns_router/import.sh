# zone/name/type. The plan after it shows what the first decision would change.
terraform import multidns_router.web example.com/web-router/CNAME
