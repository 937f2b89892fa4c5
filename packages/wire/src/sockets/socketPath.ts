import { OptionError } from '@benchlab-otel/core';

/** For a user's own agent. systemd makes the folder at login (pam_systemd(8), XDG_RUNTIME_DIR). */
const ofUser = (uid: number): string => `/run/user/${uid}/benchlab/agent.sock`;
/** For a service. systemd makes the folder with `RuntimeDirectory=benchlab`. */
const ofSystem = '/run/benchlab/agent.sock';
/** `sun_path` of unix(7) has 108 bytes, of which the last is 0. */
const longestPathBytes = 107;

/**
 * Default paths of the agent's socket: an agent listens at the first, a reader tries all of them in order, the user's own
 * agent before the system's.
 */
export function agentSockets(uid: number = process.getuid?.() ?? 0): readonly [string, ...string[]] {
  return uid === 0 ? [ofSystem] : [ofUser(uid), ofSystem];
}

/**
 * @param prefix what stands before the path in the value that the user typed
 * @throws OptionError that names `option` for a text that is not the path of a Unix socket
 */
export function checkSocketPath(path: unknown, option = 'path', prefix = ''): void {
  const isText = typeof path === 'string' && path !== '' && !path.includes('\0');
  if (isText && Buffer.byteLength(path) <= longestPathBytes) return;
  throw new OptionError({
    option,
    value: prefix === '' ? path : `${prefix}${path}`,
    allowed: `${prefix && `${prefix} and `}the path of a Unix socket, of 1 to ${longestPathBytes} bytes`,
  });
}
