/**
 * What a program of the system needs of an environment: where it is, how it speaks, which screen, sound and video hardware it
 * uses, and its own settings. Tokens, headers and settings of the application are not among it.
 */
const needed =
  /^(?:HOME|USER|LOGNAME|SHELL|TMPDIR|TZ|LANG|LANGUAGE|LC_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|(?:GST|GIO|PULSE|PIPEWIRE|LIBVA|VDPAU|LIBGL|MESA|EGL|CUDA|NVIDIA|V4L2|LIBCAMERA)_\w+|LD_LIBRARY_PATH)$/;
const secret = /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|HEADERS|_KEY$/;

/**
 * For root: language, time zone, screen and choice of GPU. All other names above lead to code or settings (plugins, drivers,
 * libraries, files in the home folder), which `sudo -E` would take from a user.
 */
const neededByRoot = /^(?:TZ|LANG|LANGUAGE|LC_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|CUDA_VISIBLE_DEVICES)$/;

/** The environment for a program of the system, with a search path of folders that root owns. */
export function bareEnvironment(
  own: NodeJS.ProcessEnv,
  uid: number | undefined = process.getuid?.(),
): NodeJS.ProcessEnv {
  const names = uid === 0 ? neededByRoot : needed;
  const kept = Object.entries(own).filter(([name]) => names.test(name) && !secret.test(name));
  // On Debian the group staff may write to /usr/local/bin.
  const fixed = uid === 0 ? { HOME: '/root', PATH: '/usr/bin:/bin' } : { PATH: '/usr/local/bin:/usr/bin:/bin' };
  return { ...Object.fromEntries(kept), ...fixed };
}
