/** Frames that wait for further stages. Beyond it the oldest are settled as they are. At 60 a second, 18 minutes. */
const maxFrames = 65_536;

/** When each frame was at each stage, in any order of events, until the frame is settled. */
export class FrameTimes {
  readonly #frames = new Map<string, number[]>();
  readonly #settle: (timesNs: readonly (number | undefined)[]) => void;

  /** @param settle called with the times of a frame by stage, when no further stage is waited for */
  constructor(settle: (timesNs: readonly (number | undefined)[]) => void) {
    this.#settle = settle;
  }

  /** False when the frame was at this stage already. The first time counts. */
  add(frameId: string, stage: number, timeNs: number): boolean {
    const timesNs = this.#frames.get(frameId) ?? this.#newFrame(frameId);
    if (timesNs[stage] !== undefined) return false;
    timesNs[stage] = timeNs;
    return true;
  }

  close(): void {
    for (const timesNs of this.#frames.values()) this.#settle(timesNs);
    this.#frames.clear();
  }

  #newFrame(frameId: string): number[] {
    if (this.#frames.size >= maxFrames) {
      for (const [oldest, timesNs] of this.#frames) {
        this.#frames.delete(oldest);
        this.#settle(timesNs);
        break;
      }
    }
    const timesNs: number[] = [];
    this.#frames.set(frameId, timesNs);
    return timesNs;
  }
}
