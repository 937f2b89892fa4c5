import type { AgentLogger } from './agentLog.ts';

/** Lines that are held. The first poll comes before the logger, and writes a few. */
const mostLines = 100;

/** Holds the lines of what happens before there is a logger, and passes later ones on. */
export class EarlyLines implements AgentLogger {
  #logger: AgentLogger | undefined;
  #lines: ((logger: AgentLogger) => void)[] = [];
  #dropped = 0;

  info(fields: object, message: string): void {
    this.#write((logger) => logger.info(fields, message));
  }

  warn(fields: object, message: string): void {
    this.#write((logger) => logger.warn(fields, message));
  }

  /** The logger is there: writes the lines that were held. */
  passTo(logger: AgentLogger): void {
    this.#logger = logger;
    for (const line of this.#lines.splice(0)) line(logger);
    if (this.#dropped > 0) logger.warn({ dropped: this.#dropped }, 'Lines of the start were dropped.');
  }

  #write(line: (logger: AgentLogger) => void): void {
    if (this.#logger !== undefined) line(this.#logger);
    else if (this.#lines.length < mostLines) this.#lines.push(line);
    else this.#dropped++;
  }
}
