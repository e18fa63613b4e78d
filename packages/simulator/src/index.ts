export { drawPlan } from './plan/draw-plan.ts';
export type { Plan } from './plan/plan.ts';
export { type RunResult, runPlan } from './run/run-plan.ts';
