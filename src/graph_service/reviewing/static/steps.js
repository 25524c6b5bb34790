// Steps back and forward: what fields of a record were and became, or the record as a whole.
import { same } from "./record.js";

const KEPT = 500;

export class Steps {
  constructor({ undo = [], redo = [] } = {}) { Object.assign(this, { undo, redo }); }

  /** Note a step. Those of one `group` that follow each other, such as typing, are one. */
  note(step) {
    const last = this.undo.at(-1);
    if (step.part && step.group && last?.group === step.group && last.key === step.key) {
      Object.assign(last.after, step.after);
      last.before = { ...step.before, ...last.before };
    } else {
      this.undo.push(step);
      this.undo.splice(0, this.undo.length - KEPT);
    }
    this.redo = [];
  }

  /** Take the last step of a list; what was typed from now on is a step of its own. */
  take(from) {
    const step = this[from].pop();
    if (step) delete step.group;
    return step;
  }

  /** A record has another name. */
  rename(key, name) {
    for (const step of [...this.undo, ...this.redo]) if (step.key === key) step.key = name;
  }
}

/** Whether a record still is as a step left it: `was` holds its fields, or all of it. */
export function stands(step, was, content) {
  return step.part ? content !== null && Object.keys(was).every((name) => same(content[name] ?? null, was[name])) : same(content, was);
}
