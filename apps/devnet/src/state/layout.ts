import { join } from 'node:path';

/** Where everything of a devnet lies under its state directory. */
export interface StateLayout {
  readonly directory: string;
  /** Marks the directory as ours, so that `--fresh` never deletes anything else. */
  readonly marker: string;
  /** Held by the running launcher. */
  readonly lock: string;
  /** Ports, addresses and process ids of the running devnet, for programs. */
  readonly runtime: string;
  /** Ports chosen once, with `--port-base 0`. */
  readonly ports: string;
  /** Written last when the network is made: a directory without it is started anew. */
  readonly network: string;
  /** Which reserve contract the network was made with. */
  readonly contract: string;
  /** The Tempo node's own state. */
  readonly chainState: string;
  readonly logs: string;
  log(name: string): string;
  config(name: string): string;
  key(validator: string): string;
  /** What pays for the gas of deposits. */
  readonly sponsorKey: string;
  readonly sponsorBudget: string;
  store(validator: string): string;
}

export function stateLayout(directory: string): StateLayout {
  const logs = join(directory, 'logs');
  return {
    directory,
    marker: join(directory, 'fastpay-devnet'),
    lock: join(directory, 'lock'),
    runtime: join(directory, 'devnet.json'),
    ports: join(directory, 'ports.json'),
    network: join(directory, 'network.json'),
    contract: join(directory, 'contract.json'),
    chainState: join(directory, 'chain', 'state.json'),
    logs,
    log: (name) => join(logs, `${name.toLowerCase()}.log`),
    config: (name) => join(directory, 'config', `${name.toLowerCase()}.json`),
    key: (validator) => join(directory, 'keys', `${validator.toLowerCase()}.json`),
    sponsorKey: join(directory, 'sponsor', 'key.json'),
    sponsorBudget: join(directory, 'sponsor', 'budget.json'),
    store: (validator) => join(directory, 'stores', validator.toLowerCase()),
  };
}
