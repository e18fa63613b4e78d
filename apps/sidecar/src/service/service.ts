import type { ConnectRouter, ServiceImpl } from '@connectrpc/connect';
import { ValidatorService } from '@fastpay/rpc';
import { createBulletinMethods } from './bulletin.ts';
import type { ServiceDependencies } from './dependencies.ts';
import { createReadMethods } from './read.ts';
import { createStreamPayment } from './stream-payment.ts';
import { createSubmitMethods } from './submit.ts';

/** The whole ValidatorService over one validator, for a Connect router. */
export function createServiceRoutes(dependencies: ServiceDependencies): (router: ConnectRouter) => void {
  const implementation: ServiceImpl<typeof ValidatorService> = {
    ...createSubmitMethods(dependencies),
    ...createReadMethods(dependencies),
    ...createBulletinMethods(dependencies),
    streamPayment: createStreamPayment(dependencies),
  };
  return (router) => {
    router.service(ValidatorService, implementation);
  };
}
