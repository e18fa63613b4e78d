import { join } from 'node:path';
import type { ValidatorState } from './control/server.ts';
import { DevnetError } from './error.ts';
import { validatorUrl } from './network/configs.ts';
import { type Ports, VALIDATOR_NAMES } from './ports.ts';
import { type Child, nodeProgram, startChild } from './process/child.ts';
import { waitUntilReady } from './process/ready.ts';
import type { StateLayout } from './state/layout.ts';

/** One validator of this devnet, as its sidecar is started. */
export interface ValidatorSpec {
  readonly name: string;
  readonly url: string;
  readonly configFile: string;
  readonly logFile: string;
}

export function validatorSpecs(layout: StateLayout, ports: Ports): readonly ValidatorSpec[] {
  return VALIDATOR_NAMES.map((name, signer) => ({
    name,
    url: validatorUrl(ports, signer),
    configFile: layout.config(name),
    logFile: layout.log(name),
  }));
}

export interface ValidatorSet {
  list(): readonly (ValidatorState & { readonly pid: number | undefined })[];
  /** @throws DevnetError for an unknown name, and with the sidecar's last words when it does not come up. */
  start(name: string): Promise<void>;
  /** Like a power cut: SIGKILL. @throws DevnetError for an unknown name. */
  stop(name: string): Promise<void>;
  /** All of them, in good order. */
  shutDown(): Promise<void>;
}

interface Validator {
  readonly spec: ValidatorSpec;
  child: Child | undefined;
  /** Set while we end it ourselves, so that its end is no news. */
  stopping: boolean;
  /** One start or stop at a time. */
  turn: Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const GRACE_MS = 8_000;
const MEMORY = { oldSpaceMb: 128, semiSpaceMb: 2 };

export function createValidatorSet(
  options: { readonly validators: readonly ValidatorSpec[]; readonly repositoryRoot: string },
  dependencies: {
    /** A validator ended that nobody had stopped. The devnet goes on: it is there to lose validators in. */
    readonly onCrash: (name: string, description: string) => void;
    readonly onChange: () => void;
  },
): ValidatorSet {
  const validators: readonly Validator[] = options.validators.map((spec) => ({
    spec,
    child: undefined,
    stopping: false,
    turn: Promise.resolve(),
  }));

  function find(name: string): Validator {
    const found = validators.find(({ spec }) => spec.name.toLowerCase() === name.toLowerCase());
    if (found) return found;
    const names = validators.map(({ spec }) => spec.name).join(', ');
    throw new DevnetError(`There is no validator ${name}; there are ${names}.`);
  }

  function inTurn(validator: Validator, act: () => Promise<void>): Promise<void> {
    const next = validator.turn.then(act);
    validator.turn = next.catch(() => undefined);
    return next.finally(dependencies.onChange);
  }

  async function startNow(validator: Validator): Promise<void> {
    if (validator.child?.isRunning) return;
    const { spec } = validator;
    const program = join(options.repositoryRoot, 'apps/sidecar/src/main.ts');
    const child = await startChild({
      name: `validator ${spec.name}`,
      logFile: spec.logFile,
      ...nodeProgram(program, ['--config', spec.configFile], MEMORY),
    });
    validator.stopping = false;
    validator.child = child;
    await waitUntilReady(child, `${spec.url}/healthz`, READY_TIMEOUT_MS);
    void child.exited.then((exit) => {
      if (validator.stopping) return;
      dependencies.onCrash(spec.name, child.describeExit(exit));
      dependencies.onChange();
    });
  }

  async function endNow(validator: Validator, end: (child: Child) => Promise<void>): Promise<void> {
    validator.stopping = true;
    if (validator.child) await end(validator.child);
  }

  return {
    list: () =>
      validators.map(({ spec, child }, signer) => ({
        name: spec.name,
        signer,
        running: child?.isRunning === true,
        pid: child?.isRunning === true ? child.pid : undefined,
      })),
    start: (name) => {
      const validator = find(name);
      return inTurn(validator, () => startNow(validator));
    },
    stop: (name) => {
      const validator = find(name);
      return inTurn(validator, () => endNow(validator, (child) => child.kill()));
    },
    async shutDown() {
      await Promise.all(
        validators.map((validator) => inTurn(validator, () => endNow(validator, (child) => child.stop(GRACE_MS)))),
      );
    },
  };
}
