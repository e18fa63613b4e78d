export { createValidator, type ValidatorDependencies, type ValidatorOptions } from './create-validator.ts';
export { StoreFailureError, StoreMismatchError } from './errors.ts';
export type * from './validator.ts';
