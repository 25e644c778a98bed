#!/usr/bin/env bash
# Publishes a zip file as a new version of a Lambda function and prints its number. The alias is left alone.
# Needs FUNCTION_NAME and ZIP_FILE; runs in any CI that has the AWS CLI.
set -euo pipefail
# only the answer goes to the output, whatever the commands print
exec 3>&1 1>&2

fail() {
  echo "publish-version: $1"
  exit 1
}

code=$(aws lambda update-function-code --function-name "$FUNCTION_NAME" --zip-file "fileb://$ZIP_FILE" \
  --query CodeSha256 --output text)
aws lambda wait function-updated --function-name "$FUNCTION_NAME"

# with the hash it fails when somebody else changed the code in between, instead of publishing theirs
version=$(aws lambda publish-version --function-name "$FUNCTION_NAME" --code-sha256 "$code" \
  --query Version --output text)
# this text becomes part of the request to start, so it must be a number and nothing else
[[ "$version" =~ ^[0-9]+$ ]] || fail "Lambda answered no version but: $version"
aws lambda wait published-version-active --function-name "$FUNCTION_NAME" --qualifier "$version"

echo "$version" >&3
