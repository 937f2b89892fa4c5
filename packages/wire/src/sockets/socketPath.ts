import { BenchlabError } from '@benchlab-otel/core';

/** Of a user's own run-time files; systemd makes the folder at login (pam_systemd(8), XDG_RUNTIME_DIR). */
const ofUser = (uid: number): string => `/run/user/${uid}/benchlab/agent.sock`;
/** Of a service: systemd makes the folder with `RuntimeDirectory=benchlab`. */
const ofSystem = '/run/benchlab/agent.sock';
/** sun_path of unix(7) has 108 bytes, the last of them 0. */
const longestPathBytes = 107;

/**
 * Where an agent listens unless it is told otherwise, and where it is looked for: an agent takes the first of these
 * paths, a reader tries all, the user's own agent before the system's.
 */
export function agentSockets(uid: number = process.getuid?.() ?? 0): readonly [string, ...string[]] {
  return uid === 0 ? [ofSystem] : [ofUser(uid), ofSystem];
}

/** @throws BenchlabError BAD_OPTION for what cannot be the path of a socket */
export function checkSocketPath(path: unknown): void {
  if (typeof path === 'string' && path !== '' && !path.includes('\0') && Buffer.byteLength(path) <= longestPathBytes)
    return;
  const shown = typeof path === 'string' ? JSON.stringify(path.slice(0, 200)) : String(path);
  const what = `${shown} is no path for a Unix socket.`;
  throw new BenchlabError('BAD_OPTION', what, `Give it a path of 1 to ${longestPathBytes} bytes.`);
}
