/** What can be done to a network of `validators` validators, a relay and a Tempo node. Validators by committee index. */
export type Fault =
  /** SIGKILL; started again when healed. */
  | { readonly kind: 'kill validator'; readonly validator: number }
  /** SIGKILL and a new start again and again, at any moment of starting and working. */
  | { readonly kind: 'kill validator in a loop'; readonly validator: number }
  /** SIGSTOP; SIGCONT when healed. */
  | { readonly kind: 'pause validator'; readonly validator: number }
  /** Files may not grow any more. */
  | { readonly kind: 'disk full'; readonly validator: number }
  /** Nothing may be written at all. */
  | { readonly kind: 'store not writable'; readonly validator: number }
  | { readonly kind: 'kill relay' }
  | { readonly kind: 'pause relay' }
  /** SIGKILL; started again, from the last copy of its chain on disk, when healed. */
  | { readonly kind: 'kill Tempo node' }
  | { readonly kind: 'pause Tempo node' }
  /** Only the one named goes on. */
  | { readonly kind: 'kill all validators but one'; readonly validator: number }
  /** Validators, relay and Tempo node at the same moment. */
  | { readonly kind: 'kill everything' }
  /** Connections along these ways are reset, and refused until healed. */
  | { readonly kind: 'cut'; readonly way: Way }
  /** Bytes along these ways wait until healed. */
  | { readonly kind: 'stall'; readonly way: Way }
  /** Every piece is this late, milliseconds. */
  | { readonly kind: 'delay'; readonly way: Way; readonly delayMs: number };

/** Which connections. `peers`: from and to this validator. `island`: these two from the other validators. */
export type Way =
  | { readonly between: 'wallets and relay' }
  | { readonly between: 'relay and validator'; readonly validator: number }
  | { readonly between: 'validator and peers'; readonly validator: number }
  | { readonly between: 'validator and Tempo node'; readonly validator: number }
  | { readonly between: 'halves of the committee'; readonly validators: readonly [number, number] };

/** What counts as one kind in the report. */
export function kindOf(fault: Fault): string {
  return 'way' in fault ? `${fault.kind} between ${fault.way.between}` : fault.kind;
}

export function describe(fault: Fault, names: readonly string[]): string {
  if ('way' in fault) {
    const { way } = fault;
    const whose =
      'validator' in way
        ? ` (${names[way.validator]})`
        : 'validators' in way
          ? ` (${way.validators.map((v) => names[v]).join(', ')})`
          : '';
    const late = fault.kind === 'delay' ? ` by ${fault.delayMs} ms` : '';
    return `${kindOf(fault)}${whose}${late}`;
  }
  return 'validator' in fault ? `${fault.kind} (${names[fault.validator]})` : fault.kind;
}

/** Two ways with the same name may share connections. */
function wayName(way: Way): string {
  switch (way.between) {
    case 'validator and peers':
    case 'halves of the committee':
      return 'way between validators';
    case 'wallets and relay':
      return `way between ${way.between}`;
    default:
      return `way between ${way.between} ${way.validator}`;
  }
}

/** Processes and ways that a fault is about: two faults of one moment never share one. */
export function processesOf(fault: Fault, validators: number): readonly string[] {
  const all = Array.from({ length: validators }, (_, index) => `validator ${index}`);
  switch (fault.kind) {
    case 'kill validator':
    case 'kill validator in a loop':
    case 'pause validator':
    case 'disk full':
    case 'store not writable':
      return [`validator ${fault.validator}`];
    case 'kill relay':
    case 'pause relay':
      return ['relay'];
    case 'kill Tempo node':
    case 'pause Tempo node':
      return ['node'];
    case 'kill all validators but one':
      return all;
    case 'kill everything':
      return [...all, 'relay', 'node'];
    default:
      return [wayName(fault.way)];
  }
}
