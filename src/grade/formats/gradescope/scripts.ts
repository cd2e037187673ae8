/** The two programs that Gradescope asks of an autograder. */

/** The Node and npm that are installed: Ubuntu's are older than normlab needs. */
const versions = { node: "20.20.2", npm: "10.9.4" };

/** Run once, as root, when Gradescope makes the image. */
export const setup: string = `#!/usr/bin/env bash
# Installs what grading needs into the autograder's image (Ubuntu 22.04).
set -euo pipefail
cd "$(dirname "$0")"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap ca-certificates npm

case "$(uname -m)" in
  x86_64) machine=x64 ;;
  aarch64) machine=arm64 ;;
  *) echo "there is no Node for $(uname -m)" >&2; exit 1 ;;
esac
# Ubuntu's npm is here for this alone.
mkdir -p node
npm install --prefix node --no-save --no-audit --no-fund "node-linux-$machine@${versions.node}" npm@${versions.npm}
ln -sfn "node_modules/node-linux-$machine/bin" node/bin

export PATH="$PWD/node/bin:$PATH"
cd normlab
node ../node/node_modules/npm/bin/npm-cli.js ci --omit=dev --ignore-scripts --no-audit --no-fund
`;

/** Run for each submission; where Gradescope copies it to is not where the rest lies. */
export const runAutograder: string = `#!/usr/bin/env bash
# Grades one submission, and writes results/results.json whatever happens.
#
# UNSAFE=1: where nothing shuts students' code in (some containers allow no namespaces), it runs all the same. As root
# it then runs as the user nobody, who can't read grader/ nor write results, but reaches the network; every result says
# that it was graded so. To have that always, change the next line.
UNSAFE=\${UNSAFE:-0}

root=\${AUTOGRADER_ROOT:-/autograder}
source="$root/source"
results="$root/results/results.json"
node="$source/node/bin/node"
[ -x "$node" ] || node=node

mkdir -p "$root/results"
rm -f "$results"
chmod -R go-rwx "$source/grader" "$root/submission" "$root/results"
options=(--root "$root")
if [ "$UNSAFE" = 1 ]; then options+=(--unsafe); fi

if ! "$node" "$source/normlab/scripts/normlab.mjs" gradescope "$source/grader" "\${options[@]}" || [ ! -s "$results" ]; then
  cat > "$results" <<'JSON'
{
  "score": 0,
  "output": "Not graded: the autograder itself failed, through no fault of yours. Please tell your instructor, who sees more.",
  "output_format": "text",
  "visibility": "visible",
  "stdout_visibility": "hidden",
  "tests": [],
  "extra_data": { "graded": false }
}
JSON
fi
`;
