#!/bin/sh
# Plans and, when there is something to change, applies: one run of a schedule. Needs nothing but the CLI, the folder
# with the configuration, and the two operators.
#
#   exit code 0  all is as declared at both operators
#             1  the plan or the apply failed; what it said is on standard error
#             3  the run succeeded and an operator is behind: its API could not be told. A later run tells it
#
# It says nothing when there was nothing to do.
set -eu
umask 077

cli=${MULTIDNS_CLI:-tofu}
cd "${MULTIDNS_DIR:-/var/lib/multidns}"
export TF_IN_AUTOMATION=1 TF_INPUT=0

code=0
"$cli" plan -no-color -lock-timeout=60s -detailed-exitcode -out=next.tfplan >plan.txt 2>&1 || code=$?
case $code in
0) ;;
2)
  cat plan.txt
  "$cli" apply -no-color -lock-timeout=60s next.tfplan || exit 1
  ;;
*)
  cat plan.txt >&2
  exit 1
  ;;
esac

if [ "$("$cli" output -json in_sync)" != true ]; then
  echo "an operator is behind: $("$cli" output -json owed)" >&2
  exit 3
fi
