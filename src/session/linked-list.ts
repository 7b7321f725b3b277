// A doubly linked list whose members carry the links: removing one costs nothing, and the list keeps no trace of it.
//
// A Set whose members come and go does: it moves to a new table now and then, and V8 keeps a link from each table to the
// next. Once a table has grown old, it and all that follow survive every collection of young objects, with all that was
// in them when they were left, until the whole heap is looked through.

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

  /** The member that is handed out may be removed meanwhile; no other may. */
  *[Symbol.iterator](): Iterator<Member> {
    for (let member = this.#first; member; ) {
      const { after } = member;
      yield member;
      member = after;
    }
  }
}
