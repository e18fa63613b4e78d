/** What of the relay needs no network, no clock and no process: for the simulator. */
export { type CertificateCache, createCertificateCache } from './certificate-cache.ts';
export { collectPromises } from './collect/collect-promises.ts';
export { type Collected, type CollectorDependencies, collectValue } from './collect/collect-value.ts';
export { type DrivenValue, drivenOrder, drivenProposal } from './collect/driven-value.ts';
export type { ValidatorPort } from './collect/validator-port.ts';
export { createSupply } from './supply.ts';
