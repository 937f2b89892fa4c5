import type { HostFiles } from '../host/files.ts';
import { HostAnswers } from '../host/hostAnswers.ts';
import { hostDevices } from '../host/hostDevices.ts';
import type { StartHostWorker } from '../host/hostWorker.ts';
import { FilePlace } from '../host/watchedFiles.ts';

/** The in-memory twin of the thread that reads the host: it reads these files, in this thread and at once. */
export function hostThread(files: HostFiles, nowNs: () => number): StartHostWorker {
  return ({ sources, root, marks }) => {
    const place = new FilePlace();
    const devices = hostDevices(sources, root !== undefined, marks);
    const answers = new HostAnswers(devices, files, place, nowNs);
    return {
      place,
      ask: async (request) => structuredClone(answers.answer(request)),
      end: async () => {
        answers.close();
        return {};
      },
    };
  };
}
