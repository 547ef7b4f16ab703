import type { Host } from '../access.ts';
import {
  type ContainerCommand,
  type ContainerEngine,
  type ContainerOperator,
  type ContainerSpec,
  type EngineCapabilities,
  placeholders,
} from '../engine.ts';
import { Cli } from './cli.ts';
import { environmentText, removeArguments, runArguments } from './create-arguments.ts';
import { type Dialect, plainTraits, type Survey } from './dialect.ts';
import { withGpus } from './gpus.ts';
import { CliOperator } from './operator.ts';
import { authFileText } from '../oci/auth-file.ts';
import { Surveys } from '../oci/surveys.ts';
import { Turns } from '../turns.ts';
import { pullArguments } from './pull-arguments.ts';
import { withInputIn, withPullBefore } from './wrap.ts';

/** A container engine that is its command line, in one {@link Dialect}. */
export class CliEngine implements ContainerEngine {
  readonly title: string;
  readonly capabilities: EngineCapabilities;
  readonly #dialect: Dialect;
  readonly #turns = new Turns();
  readonly #surveys = new Surveys<Survey>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.title = dialect.title;
    this.capabilities = {
      foreground: true,
      detached: true,
      portMapping: true,
      networkIsolation: true,
      limits: true,
      gpus: true,
      runtimes: dialect.runtimes,
    };
  }

  command(spec: ContainerSpec): ContainerCommand {
    const { command, gpuStyle = 'cdi' } = this.#dialect;
    const environment = `${placeholders.scratch}/environment` as const;
    const run = [...command, ...runArguments(spec, this.#dialect, plainTraits, environment)];
    const argv = spec.gpus === true ? withGpus(run, gpuStyle) : run;
    const { auth, fetching } = this.#fetching(spec);
    return {
      argv: withInputIn(environment, fetching === undefined ? argv : withPullBefore(placeholders.auth, fetching, argv)),
      stdin: environmentText(spec.env),
      ...(auth === undefined ? {} : { auth }),
      after: [...command, ...removeArguments(spec.name, this.#dialect)],
    };
  }

  operator(host: Host): ContainerOperator {
    return new CliOperator(new Cli(host, this.#dialect), {
      turns: this.#turns,
      survey: async (cli, signal, maxAge) => this.#surveys.of(cli.host, maxAge) ?? (await this.#survey(cli, signal)),
    });
  }

  /** Where the image may have to be fetched with credentials: a store of the node's own may lack it. */
  #fetching({ image, architecture, credentials }: ContainerSpec): { auth?: string; fetching?: readonly string[] } {
    if (credentials === undefined) return {};
    const dialect = this.#dialect;
    const options = {
      folder: placeholders.auth,
      isQuiet: true,
      ...(architecture === undefined ? {} : { architecture }),
    };
    const global = dialect.job?.global ?? [];
    const fetching = [...dialect.command, ...global, ...pullArguments(dialect, image, options)];
    return { auth: authFileText(image.registry, credentials), fetching };
  }

  async #survey(cli: Cli, signal: AbortSignal): Promise<Survey> {
    const survey = await this.#dialect.survey(cli, signal);
    this.#surveys.keep(cli.host, survey);
    return survey;
  }
}
