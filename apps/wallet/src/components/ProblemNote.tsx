import type { ReactNode } from 'react';
import type { Problem } from '../state/problem.ts';
import { Banner } from './Banner.tsx';

/** A failure as every screen tells it: what, what happened to the money, what to do. */
export function ProblemNote({ problem, actions }: { readonly problem: Problem; readonly actions?: ReactNode }) {
  return (
    <Banner tone={problem.retryable ? 'amber' : 'red'} icon="alert" title={problem.message} actions={actions} live>
      <p>{problem.money}</p>
      <p>{problem.action}</p>
    </Banner>
  );
}
