import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemProgram } from '../../../scripts/stack-system.mjs';

/** The upper layer is in memory, and holds what the script writes. */
const sizeOfLayer = '2g';

export interface Throwaway {
  readonly stdout: string;
  /** Every path that differs from the system below, sorted: `+ path` is new, `~ path` has other content, `- path` is gone. */
  readonly changes: readonly string[];
}

/**
 * Runs a script of sh as root on this very system, under a layer of its own that goes with it: in mounts that no other process
 * sees, with an overlay over / that the script is locked into. /tmp and /run are empty. `shows`: folders that are there as they
 * are, and that the script can change. Needs root.
 */
export async function inThrowawaySystem(script: string, shows: readonly string[]): Promise<Throwaway> {
  const { stdout } = await promisify(execFile)(
    systemProgram('unshare'),
    ['--mount', '--propagation', 'private', 'sh', '-c', outer, 'sh', script, sizeOfLayer, ...shows],
    // A module that NODE_OPTIONS names may lie below what is empty here.
    { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const [before = '', after = ''] = stdout.split(`${marker}\n`);
  return { stdout: before, changes: after.split('\n').filter(Boolean).sort() };
}

const marker = '-- changes --';

/** A device with the numbers 0, 0 marks what is gone; a folder alone is no change where it was before. */
const outer = `set -eu
script=$1 size=$2
shift 2
layer=$(mktemp -d)
# In these mounts alone: what is below comes back with their end.
trap 'cd /; umount -R -l "$layer" && rmdir "$layer"' EXIT
mount -t tmpfs -o "size=$size" tmpfs "$layer"
mkdir "$layer/upper" "$layer/work" "$layer/root"
mount -t overlay -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" overlay "$layer/root"
for each in proc sys dev; do mount --rbind "/$each" "$layer/root/$each"; done
mount -t tmpfs tmpfs "$layer/root/tmp"
mount -t tmpfs tmpfs "$layer/root/run"
for each; do mkdir -p "$layer/root$each"; mount --bind "$each" "$layer/root$each"; done
chroot "$layer/root" sh -c "$script"
echo '${marker}'
cd "$layer/upper"
find . -mindepth 1 | while IFS= read -r each; do
  path=\${each#.}
  if [ -c "$each" ] && [ "$(stat -c %t,%T "$each")" = 0,0 ]; then echo "- $path"
  elif [ ! -e "$path" ] && [ ! -L "$path" ]; then echo "+ $path"
  elif [ -f "$each" ] && ! cmp -s "$each" "$path"; then echo "~ $path"
  fi
done
`;
