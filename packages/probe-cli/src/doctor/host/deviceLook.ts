import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, finding, joined, type Look, notLookedAt } from '../finding.ts';
import { groupNames, type HostView, namesIn, textOf } from './hostView.ts';

export const deviceIds = ['serial-permission', 'modem-manager', 'nvml-missing', 'rapl-permission'] as const;

const nvml = 'libnvidia-ml.so.1';
const nothing: Look = { findings: [], notLookedAt: [] };

/** The devices of a bench: whether this user may read them, and what else may write to them. No device is opened. */
export async function deviceLook(host: HostView): Promise<Look> {
  const { discoverPorts } = await import('@benchlab-otel/hw-receivers');
  const { candidates } = await discoverPorts(join(host.root, 'sys'));
  const ports = candidates.map(({ path }) => path);
  return joined(await Promise.all([serial(host, ports), modemManager(host, ports), nvidia(host), rapl(host)]));
}

async function serial(host: HostView, ports: readonly string[]): Promise<Look> {
  if (ports.length === 0) {
    return notLookedAt(['serial-permission'], 'no serial port has the USB id of a BENCHLAB board');
  }
  const groups = await host.groups();
  const findings = await Promise.all(
    ports.map(async (port): Promise<readonly Finding[]> => {
      const path = join(host.root, port);
      if (await host.mayReadAndWrite(path)) return [];
      const file = await stat(path).catch(() => undefined);
      const group =
        file && (groupNames((await textOf(host.root, 'etc/group')) ?? '').get(file.gid) ?? String(file.gid));
      const mode = file === undefined ? '' : ` It has group ${group} and mode ${(file.mode & 0o777).toString(8)}.`;
      const evidence = [
        `${port} has the USB id of a BENCHLAB board, and this user may not open it.${mode}`,
        `The groups of this user are ${groups.join(', ')}.`,
      ];
      const toGroup = group === undefined ? '' : `, or: sudo usermod -aG ${group} "$USER"`;
      return [
        finding(
          'serial-permission',
          evidence,
          `Install the udev rule for BENCHLAB (docs/boards.md)${toGroup}, and log in again.`,
        ),
      ];
    }),
  );
  return { findings: findings.flat(), notLookedAt: [] };
}

async function modemManager(host: HostView, ports: readonly string[]): Promise<Look> {
  if (ports.length === 0) {
    return notLookedAt(['modem-manager'], 'no serial port has the USB id of a BENCHLAB board');
  }
  const pids = (await namesIn(host.root, 'proc')).filter((name) => /^\d+$/.test(name));
  const names = await Promise.all(pids.map((pid) => textOf(host.root, 'proc', pid, 'comm')));
  const pid = pids[names.indexOf('ModemManager')];
  if (pid === undefined) return nothing;
  const looks = await Promise.all(
    ports.map(async (port) => {
      const number = await textOf(host.root, 'sys/class/tty', port.replace('/dev/', ''), 'dev');
      // The database of udev: one file a device, c for character devices, by its number.
      const properties = number && (await textOf(host.root, 'run/udev/data', `c${number}`));
      if (!properties) return notLookedAt(['modem-manager'], `what udev knows of ${port} cannot be read`);
      if (/^E:ID_MM_(?:DEVICE|PORT)_IGNORE=1$/m.test(properties)) return nothing;
      const evidence = `ModemManager (process ${pid}) runs, and udev does not mark ${port} with ID_MM_DEVICE_IGNORE.`;
      return { findings: [finding('modem-manager', [evidence])], notLookedAt: [] };
    }),
  );
  return joined(looks);
}

async function nvidia(host: HostView): Promise<Look> {
  const device = (await namesIn(host.root, 'dev')).find((name) => /^nvidia\d+$/.test(name));
  if (device === undefined)
    return notLookedAt(['nvml-missing'], 'there is no /dev/nvidia0: no GPU with a driver of NVIDIA');
  const problem = await host.libraryProblem(nvml);
  if (problem === undefined) return nothing;
  return {
    findings: [finding('nvml-missing', [`There is /dev/${device}, and ${nvml} cannot be loaded: ${problem}.`])],
    notLookedAt: [],
  };
}

async function rapl(host: HostView): Promise<Look> {
  const folder = 'sys/class/powercap';
  const zones = (await namesIn(host.root, folder)).filter((name) => /^intel-rapl:\d+$/.test(name));
  if (zones.length === 0) return notLookedAt(['rapl-permission'], `there is no energy counter in /${folder}`);
  const refused = [];
  for (const zone of zones) {
    const path = join(host.root, folder, zone, 'energy_uj');
    if (!(await host.mayRead(path))) refused.push(`/${folder}/${zone}/energy_uj`);
  }
  if (refused.length === 0) return nothing;
  const evidence = refused.map((path) => `${path} may not be read by this user.`);
  return { findings: [finding('rapl-permission', evidence)], notLookedAt: [] };
}
