# What changed in the repository since this script last saw it; without anything new the agent is not woken.
seen="$KAIROS_STATE_DIR/seen"
now=$(git -C "$REPOSITORY" rev-parse HEAD 2>/dev/null || echo none)
if [ "$now" = "$(cat "$seen" 2>/dev/null)" ]; then
  echo '{"wakeAgent": false}'
  exit 0
fi
git -C "$REPOSITORY" log -10 --format='%h %an: %s' 2>/dev/null || echo "there is no repository at $REPOSITORY"
echo "$now" > "$seen"
