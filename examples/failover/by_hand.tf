# For the day on which neither Terraform nor OpenTofu can run: a script that tells both operators by itself where the
# router shall point, with curl and nothing else. Print it while all is well, and keep it where you will find it:
#
#   tofu output -raw by_hand > by-hand.sh

locals {
  fronts = { for t in multidns_router.web.targets : t.name => trimsuffix(one(t.values), ".") }
}

output "by_hand" {
  description = "A script that moves the router without Terraform."
  value       = <<-SH
    #!/bin/sh
    # Points ${local.router} to a front, without Terraform: sh by-hand.sh ${join("|", keys(local.fronts))}
    # It needs curl, CLOUDFLARE_API_TOKEN and DESEC_API_TOKEN. The next plan shows what was done here.
    set -u
    case "$${1:-}" in
    %{~for name, host in local.fronts~}

    ${name}) host=${host} ;;
    %{~endfor~}

    *) echo "usage: sh by-hand.sh ${join("|", keys(local.fronts))}" >&2; exit 2 ;;
    esac

    id() {
      grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4
    }

    # Of the zone's answer the inner objects are taken out first: the account in it has an id as well.
    cloudflare() {
      api="$${CLOUDFLARE_BASE_URL:-https://api.cloudflare.com/client/v4}/zones"
      token="Authorization: Bearer $CLOUDFLARE_API_TOKEN"
      zone=$(curl -fsS -m 20 -H "$token" "$api?name=${var.zone}" | tr -d '\n ' | sed 's/{[^{}]*}//g' | id)
      record=$(curl -fsS -m 20 -H "$token" "$api/$zone/dns_records?type=CNAME&name=${local.router}" | tr -d '\n ' | id)
      curl -fsS -m 20 -X PATCH -H "$token" -H "Content-Type: application/json" "$api/$zone/dns_records/$record" \
        -d "{\"content\":\"$host\",\"ttl\":${multidns_router.web.ttl}}"
    }

    desec() {
      curl -fsS -m 20 -X PATCH -H "Authorization: Token $DESEC_API_TOKEN" -H "Content-Type: application/json" \
        "$${DESEC_BASE_URL:-https://desec.io/api/v1}/domains/${var.zone}/rrsets/${multidns_router.web.name}/CNAME/" \
        -d "{\"records\":[\"$host.\"],\"ttl\":${multidns_router.web.desec.ttl}}"
    }

    # One that does not answer must not keep the other from being told.
    failed=0
    for operator in cloudflare desec; do
      if $operator >/dev/null; then
        echo "$operator: ${local.router} points to $host"
      else
        echo "$operator: not moved, see above; try again when it answers" >&2
        failed=1
      fi
    done
    exit $failed
  SH
}
