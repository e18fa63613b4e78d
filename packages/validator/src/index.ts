export { createValidator, type ValidatorDependencies, type ValidatorOptions } from './create-validator.ts';
export { ChainMismatchError, StoreCorruptionError, StoreMismatchError } from './errors.ts';
export { validatorLimits } from './limits.ts';
export { driverAt, exitRoundAt } from './rules/exit-turn.ts';
export type * from './validator.ts';
