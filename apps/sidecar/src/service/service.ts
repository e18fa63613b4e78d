import type { ConnectRouter, ServiceImpl } from '@connectrpc/connect';
import { ValidatorService } from '@fastpay/rpc';
import { createBulletinMethods } from './bulletin.ts';
import type { ServiceDependencies } from './dependencies.ts';
import { createEvidenceMethods } from './evidence.ts';
import { createReadMethods } from './read.ts';
import { createRoundMethods } from './round.ts';
import { createStreamPayment } from './stream-payment.ts';
import { createSubmitMethods } from './submit.ts';
import { createSyncMethods } from './sync.ts';

/** The whole ValidatorService over one validator, for a Connect router. */
export function createServiceRoutes(dependencies: ServiceDependencies): (router: ConnectRouter) => void {
  const implementation: ServiceImpl<typeof ValidatorService> = {
    ...createSubmitMethods(dependencies),
    ...createReadMethods(dependencies),
    ...createRoundMethods(dependencies),
    ...createBulletinMethods(dependencies),
    ...createSyncMethods(dependencies),
    ...createEvidenceMethods(dependencies),
    streamPayment: createStreamPayment(dependencies),
  };
  return (router) => {
    router.service(ValidatorService, implementation);
  };
}
