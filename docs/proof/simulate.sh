#!/usr/bin/env bash
# Simulates COUNT seeds from FROM on; stops at the first that breaks a promise, with its seed and its trace.
# usage: docs/proof/simulate.sh FROM COUNT [sqlite]
set -eu

if [ $# -lt 2 ]; then
  echo "usage: $0 FROM COUNT [sqlite]" >&2
  exit 2
fi
cd "$(dirname "$0")/../.."
module=cron-testkit
test=SimulatorTest#noSeedBreaksAPromise
if [ "${3:-}" = sqlite ]; then
  module=plugins/store-jdbc
  test=SqliteSimulatorTest#noSeedBreaksAPromiseOverRealSql
fi
exec mvn -B -q -Dquick -pl "$module" -am test -Dtest="$test" -Dsurefire.failIfNoSpecifiedTests=false \
  -Dsurefire.trimStackTrace=true -Dsim.from="$1" -Dsim.seeds="$2"
