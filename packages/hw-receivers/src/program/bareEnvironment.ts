/**
 * What a program of the system needs of an environment: where it is, how it speaks, which screen, sound and video hardware it
 * uses, and its own settings. Tokens, headers and settings of the application are not among it.
 */
const needed =
  /^(?:HOME|USER|LOGNAME|SHELL|TMPDIR|TZ|LANG|LANGUAGE|LC_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|(?:GST|GIO|PULSE|PIPEWIRE|LIBVA|VDPAU|LIBGL|MESA|EGL|CUDA|NVIDIA|V4L2|LIBCAMERA)_\w+|LD_LIBRARY_PATH)$/;
const secret = /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|HEADERS|_KEY$/;

/** The environment for a program of the system, with a search path of folders that root owns. */
export function bareEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => needed.test(name) && !secret.test(name));
  return { ...Object.fromEntries(kept), PATH: '/usr/local/bin:/usr/bin:/bin' };
}
