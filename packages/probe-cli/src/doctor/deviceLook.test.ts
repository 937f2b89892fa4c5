import { describe, expect, it } from 'vitest';
import { deviceLook } from './host/deviceLook.ts';
import { machine } from './project.suite.ts';

describe('the devices of a bench', () => {
  /** sysfs of one board, with what udev knows of it. */
  const board = {
    'sys/devices/usb1/1-1/idVendor': '0483\n',
    'sys/devices/usb1/1-1/idProduct': '5740\n',
    'sys/devices/usb1/1-1/devnum': '7\n',
    'sys/devices/usb1/1-1/1-1:1.0/name': '',
    'sys/class/tty/ttyACM0/dev': '166:0\n',
    'dev/ttyACM0': '',
    'run/udev/data/c166:0': 'E:ID_VENDOR_ID=0483\nE:ID_MM_DEVICE_IGNORE=1\n',
  };
  const bench = async (files: Record<string, string>, more: Parameters<typeof machine>[1] = {}) => {
    const host = machine(files, more);
    if ('sys/class/tty/ttyACM0/dev' in files) {
      const { symlinkSync } = await import('node:fs');
      symlinkSync(`${host.root}/sys/devices/usb1/1-1/1-1:1.0`, `${host.root}/sys/class/tty/ttyACM0/device`);
    }
    return deviceLook(host);
  };

  it('have no finding where this user may read them', async () => {
    expect(await bench({ ...board, 'dev/nvidia0': '', 'sys/class/powercap/intel-rapl:0/energy_uj': '1' })).toEqual({
      findings: [],
      notLookedAt: [],
    });
  });

  it('serial-permission: names the port, its group and the groups of the user', async () => {
    const { findings } = await bench(
      { ...board, 'etc/group': 'root:x:0:\ndialout:x:20:\n' },
      { mayReadAndWrite: async () => false },
    );

    expect(findings).toEqual([
      {
        id: 'serial-permission',
        evidence: [
          expect.stringMatching(
            /^\/dev\/ttyACM0 has the USB id of a BENCHLAB board, and this user may not open it\. It has group \S+ and mode \d+\.$/,
          ),
          'The groups of this user are users.',
        ],
        fix: expect.stringMatching(/udev rule.*usermod -aG/),
      },
    ]);
  });

  it('modem-manager: it runs, and udev does not keep it from the port', async () => {
    const { findings } = await bench({
      ...board,
      'run/udev/data/c166:0': 'E:ID_VENDOR_ID=0483\n',
      'proc/321/comm': 'ModemManager\n',
      'proc/1/comm': 'systemd\n',
    });

    expect(findings).toEqual([
      {
        id: 'modem-manager',
        evidence: ['ModemManager (process 321) runs, and udev does not mark /dev/ttyACM0 with ID_MM_DEVICE_IGNORE.'],
        fix: expect.any(String),
      },
    ]);
  });

  it('modem-manager: has no finding where udev marks the port, and is not looked at without what udev knows', async () => {
    const running = { ...board, 'proc/321/comm': 'ModemManager\n' };
    expect((await bench(running)).findings).toEqual([]);

    const { findings, notLookedAt } = await bench({ ...running, 'run/udev/data/c166:0': '' });

    expect(findings).toEqual([]);
    expect(notLookedAt).toContainEqual({
      ids: ['modem-manager'],
      because: 'what udev knows of /dev/ttyACM0 cannot be read',
    });
  });

  it('nvml-missing: there is a GPU, and the loader states why the library cannot be loaded', async () => {
    const { findings } = await bench(
      { 'dev/nvidia0': '' },
      { libraryProblem: async (name) => `${name}: no such file` },
    );

    expect(findings).toEqual([
      {
        id: 'nvml-missing',
        evidence: ['There is /dev/nvidia0, and libnvidia-ml.so.1 cannot be loaded: libnvidia-ml.so.1: no such file.'],
        fix: expect.any(String),
      },
    ]);
  });

  it('rapl-permission: names each counter that may not be read', async () => {
    const { findings } = await bench(
      { 'sys/class/powercap/intel-rapl:0/energy_uj': '1' },
      { mayRead: async () => false },
    );

    expect(findings).toEqual([
      {
        id: 'rapl-permission',
        evidence: ['/sys/class/powercap/intel-rapl:0/energy_uj may not be read by this user.'],
        fix: expect.any(String),
      },
    ]);
  });

  it('are not looked at where there are none, with the reason for each', async () => {
    const { findings, notLookedAt } = await bench({});

    expect(findings).toEqual([]);
    expect(notLookedAt.flatMap(({ ids }) => ids).toSorted()).toEqual([
      'modem-manager',
      'nvml-missing',
      'rapl-permission',
      'serial-permission',
    ]);
  });
});
