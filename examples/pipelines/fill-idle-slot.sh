#!/usr/bin/env bash
# Deploys IMAGE into the idle slot of a service behind a load balancer, tags the slot with VERSION, prints blue or green.
# Needs IMAGE, VERSION, TASK_DEFINITION (a JSON file with <IMAGE> in it), LISTENER_RULE, CLUSTER, and for each slot
# BLUE_GROUP, BLUE_SERVICE, GREEN_GROUP, GREEN_SERVICE; runs in any CI that has the AWS CLI.
set -euo pipefail
# only the answer goes to the output, whatever the commands print
exec 3>&1 1>&2

fail() {
  echo "fill-idle-slot: $1"
  exit 1
}

# this text becomes a tag and part of the request to start
[[ "$VERSION" =~ ^[A-Za-z0-9._-]{1,128}$ ]] || fail "no version can be called $VERSION"

# 1. Which slot is idle? The one that the rule gives nothing.
live=$(aws elbv2 describe-rules --rule-arns "$LISTENER_RULE" --output text --query \
  "Rules[0].Actions[?Type=='forward'] | [-1].ForwardConfig.TargetGroups[?Weight>\`0\`].TargetGroupArn")
case "$live" in
  "$BLUE_GROUP") slot=green group=$GREEN_GROUP service=$GREEN_SERVICE live_service=$BLUE_SERVICE ;;
  "$GREEN_GROUP") slot=blue group=$BLUE_GROUP service=$BLUE_SERVICE live_service=$GREEN_SERVICE ;;
  *) fail "the rule must forward all traffic to one of the two slots, and forwards to: $live" ;;
esac

# 2. Is it free? While a rollout runs, a rule of its own names the slot, and filling it would swap the canary.
listener=${LISTENER_RULE%/*}
listener=${listener/:listener-rule\//:listener/}
users=$(aws elbv2 describe-rules --listener-arn "$listener" --output text --query \
  "Rules[?RuleArn!='$LISTENER_RULE' && contains(to_string(Actions), '$group')].RuleArn")
[[ -z "$users" ]] || fail "the slot $slot is used by a rollout or by another rule: $users"

# 3. From here on the slot holds no version that anybody could start, until the new one is up.
aws elbv2 remove-tags --resource-arns "$group" --tag-keys stepshift:version

# 4. As many tasks as the live slot has: at the last stage the new version takes nearly all traffic.
definition=$(<"$TASK_DEFINITION")
[[ "$definition" == *"<IMAGE>"* ]] || fail "$TASK_DEFINITION has no <IMAGE> to fill in"
revision=$(aws ecs register-task-definition --cli-input-json "${definition//<IMAGE>/"$IMAGE"}" \
  --query taskDefinition.taskDefinitionArn --output text)
count=$(aws ecs describe-services --cluster "$CLUSTER" --services "$live_service" \
  --query 'services[0].desiredCount' --output text)
aws ecs update-service --cluster "$CLUSTER" --service "$service" --task-definition "$revision" \
  --desired-count "$count" --query service.serviceArn --output text
aws ecs wait services-stable --cluster "$CLUSTER" --services "$service"

# 5. The tag is what a rollout looks for.
aws elbv2 add-tags --resource-arns "$group" --tags "Key=stepshift:version,Value=$VERSION"

echo "$slot" >&3
