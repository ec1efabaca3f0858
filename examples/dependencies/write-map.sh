#!/bin/sh
# Writes the map into a file of the repository, after an apply, and commits it when it has changed:
#   ./write-map.sh ../../MAP.md
set -eu

file=${1:-MAP.md}
cli=$(command -v tofu || command -v terraform)

{
  echo '# What our names hang on'
  echo
  echo '```mermaid'
  "$cli" output -raw map
  echo '```'
} >"$file"

if git diff --quiet -- "$file" 2>/dev/null && git ls-files --error-unmatch "$file" >/dev/null 2>&1; then
  echo "$file has not changed"
else
  git add "$file"
  git commit --quiet --message "Draw the map of our dependencies anew" -- "$file"
fi
