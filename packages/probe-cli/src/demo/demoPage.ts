import { BenchlabError, createReport, type SampleConsumer } from '@benchlab-otel/core';
import { SampleInput } from '@benchlab-otel/dashboard';
import { Dashboard } from '@benchlab-otel/dashboard/model';
import { type PageSetup, WebServer } from '@benchlab-otel/dashboard/web';
import type { CommandHost } from '../host/commandHost.ts';
import { liveThemes, pageFolder } from '../live/liveThemes.ts';
import type { MeasuredSpan } from '../run/liveEnergy.ts';
import { SpanInput } from './spanInput.ts';

/** That of `benchlab-probe web`. */
const usualPort = 8081;
const node = 'demo';

/** The dashboard of the demo: the power of its board, and its spans as runs. */
export class DemoPage {
  readonly samples: SampleConsumer;
  readonly #spans: SpanInput;
  readonly #inputs: readonly [SampleInput, SpanInput];
  readonly #setup: PageSetup;
  #server: WebServer | undefined;

  private constructor({ clock }: Pick<CommandHost, 'clock'>, setup: PageSetup) {
    const samples = new SampleInput('board', node, clock);
    this.#spans = new SpanInput('spans', node, clock);
    this.samples = samples;
    this.#inputs = [samples, this.#spans];
    this.#setup = setup;
  }

  static async open(host: Pick<CommandHost, 'clock'>): Promise<DemoPage> {
    return new DemoPage(host, { themes: await liveThemes('dark'), baselines: [] });
  }

  /**
   * Resolves to the URL.
   *
   * @param port undefined: the usual one, or a free one where that is in use
   */
  async start(port: number | undefined): Promise<string> {
    try {
      return await this.#listen(port ?? usualPort);
    } catch (error) {
      if (!(error instanceof BenchlabError) || error.code !== 'PORT_IN_USE') throw error;
      if (port === undefined) return this.#listen(0);
      const what = `Port ${port} of 127.0.0.1, where the dashboard goes, is in use.`;
      const fix = 'End the program that has it, or pass --web-port with another port (0 takes any free one).';
      throw new BenchlabError('PORT_IN_USE', what, fix, { cause: error });
    }
  }

  add(spans: readonly MeasuredSpan[]): void {
    this.#spans.add(spans);
  }

  /** Safe unstarted and repeated. */
  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  #listen(port: number): Promise<string> {
    this.#server = new WebServer({
      host: '127.0.0.1',
      port,
      dashboard: new Dashboard(),
      inputs: this.#inputs,
      setup: this.#setup,
      pageFolder,
      nowMs: Date.now,
      report: createReport('dashboard'),
    });
    return this.#server.start();
  }
}
