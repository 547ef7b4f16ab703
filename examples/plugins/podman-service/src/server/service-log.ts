import { type EngineStatus, messageOf } from '@stele/sdk';
import type { Survey } from '@stele/sdk/oci-cli';

/** What a host's service said when it was last asked. */
export interface ServiceEntry {
  /** Name of the host. */
  readonly host: string;
  /** ISO 8601. */
  readonly askedAt: string;
  /** Its answer, or why there was none. */
  readonly answer: EngineStatus | { readonly problem: string };
}

/** Remembers for each host how its service was last. Lives as long as the plugin is active. */
export class ServiceLog {
  readonly #entries = new Map<string, ServiceEntry>();

  /** Writes down what becomes of a survey, and passes it on. */
  async note(host: string, survey: Promise<Survey>): Promise<Survey> {
    try {
      const result = await survey;
      this.#set(host, result.status);
      return result;
    } catch (error) {
      this.#set(host, { problem: messageOf(error) });
      throw error;
    }
  }

  list(): readonly ServiceEntry[] {
    return [...this.#entries.values()].toSorted((a, b) => a.host.localeCompare(b.host));
  }

  #set(host: string, answer: ServiceEntry['answer']): void {
    this.#entries.set(host, { host, askedAt: new Date().toISOString(), answer });
  }
}
