// A doubly linked list whose members contain the links: removing one is free, and the list keeps no reference to it.
//
// A Set with changing members does: now and then it moves to a new table, and V8 keeps a link from each table to the next.
// Once a table is old, it and all later ones survive every collection of young objects, with everything that was in them,
// until the next full collection.

export interface Link<Member> {
  before: Member | undefined;
  after: Member | undefined;
}

/** In the order in which members were added. A member is in one list at a time. */
export class LinkedList<Member extends Link<Member>> {
  #first: Member | undefined;
  #last: Member | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Member | undefined {
    return this.#first;
  }

  add(member: Member): void {
    member.before = this.#last;
    if (this.#last) this.#last.after = member;
    else this.#first = member;
    this.#last = member;
    this.#size++;
  }

  remove(member: Member): void {
    const { before, after } = member;
    if (!before && this.#first !== member) return;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    member.before = undefined;
    member.after = undefined;
    this.#size--;
  }

  /** Only the current member may be removed during iteration. */
  *[Symbol.iterator](): Iterator<Member> {
    for (let member = this.#first; member; ) {
      const { after } = member;
      yield member;
      member = after;
    }
  }
}
