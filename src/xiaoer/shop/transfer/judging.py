"""The second half of an import: records are put together from staged rows, judged, and stored."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

import msgspec

from xiaoer.ids import ShopId
from xiaoer.shop.documents import encode
from xiaoer.shop.errors import UnreadableDocumentError
from xiaoer.shop.records import Records, Transaction
from xiaoer.shop.transfer.assembling import Assembled, assemble
from xiaoer.shop.transfer.faults import Fault
from xiaoer.shop.transfer.kinds import KINDS, Kind, Record
from xiaoer.shop.transfer.shapes import Leaf, Shape
from xiaoer.shop.transfer.standing import Counts, Standing, Tell, TransferProgress
from xiaoer.shop.transfer.trails import Trail, follow, trails_to
from xiaoer.store import Database, StagedFault, StagedRows, Staging

_BATCH_RECORDS = 500


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is found of a batch: the records that may stand, those of them that differ from the shop's, and faults."""

    accepted: list[str] = field(default_factory=list)
    differing: list[Record] = field(default_factory=list)
    faults: list[StagedFault] = field(default_factory=list)


class Judge:
    """Goes through the staged records kind by kind; what is found is kept with the staging, batch by batch."""

    def __init__(self, database: Database, shop: ShopId, staging: Staging, standing: Standing) -> None:
        self._records = Records(database, shop)
        self._shelves = [kind.shelf(database) for kind in KINDS]
        self._shop = shop
        self._staging = staging
        self._standing = standing

    async def go_through(self, tell: Tell, *, stores: bool) -> None:
        """Judge all records from where the standing is; with `stores` the shop takes those that may stand.

        What a batch comes to is noted before it is stored. An import that was stopped in between stores the
        batch again, which changes nothing where it was stored already.
        """
        standing = self._standing
        if stores and standing.after != standing.before:
            await self._store(standing.kind, (await self._batch(standing.before)).differing)
        while standing.kind < len(KINDS):
            kind, after = standing.kind, standing.after
            groups = self._staging.groups(kind, after=after, most=_BATCH_RECORDS)
            if not groups:
                standing.kind, standing.before, standing.after = kind + 1, "", ""
                continue
            verdict = await self._judged(kind, groups)
            standing.before, standing.after = after, groups[-1][0].record
            standing.counts[kind].refused += len(groups) - len(verdict.accepted)
            accepted = [(kind, record) for record in verdict.accepted]
            self._staging.commit(standing.encoded(), faults=verdict.faults, accepted=accepted)
            if stores:
                await self._store(kind, verdict.differing)
            tell(TransferProgress(KINDS[kind].name, standing.judged, standing.share_judged))

    async def _batch(self, after: str) -> _Verdict:
        """Judge the last batch once more, without counting it."""
        kind = self._standing.kind
        counts = msgspec.structs.replace(self._standing.counts[kind])
        verdict = await self._judged(kind, self._staging.groups(kind, after=after, most=_BATCH_RECORDS))
        self._standing.counts[kind] = counts
        return verdict

    async def _judged(self, kind: int, groups: Sequence[Sequence[StagedRows]]) -> _Verdict:
        verdict, whole = _Verdict(), list[Assembled]()
        for group in groups:
            found = assemble(group)
            if isinstance(found, Assembled):
                whole.append(found)
            else:
                verdict.faults.extend(found)
        right = await self._with_known_references(kind, whole, verdict.faults)
        known = await self._shelves[kind].find_all(self._shop, [one.record.id for one in right])
        for one in right:
            verdict.accepted.append(one.record.id)
            if _compare(KINDS[kind], known.get(one.record.id), one.record, self._standing.counts[kind]):
                verdict.differing.append(one.record)
        return verdict

    async def _with_known_references(
        self, kind: int, whole: Iterable[Assembled], faults: list[StagedFault]
    ) -> list[Assembled]:
        """Leave out the records that refer to one that is neither in the shop nor taken in by this import."""
        trails = _trails_to_references(KINDS[kind].shape)
        referring = [(one, [found for found in follow(trails, one.record) if found[2]]) for one in whole]
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for _, references in referring:
            for _, part, id in references:
                wanted[_kind_of(part)].add(id)
        known = {name: await self._known(name, ids, own=kind) for name, ids in wanted.items()}
        right = []
        for one, references in referring:
            lost = [(where, _kind_of(part), id) for where, part, id in references if id not in known[_kind_of(part)]]
            faults += [
                one.staged(Fault(where, f"is {id!r}, which {name} do not have", f"Add it to {name}, or mend it."))
                for where, name, id in lost
            ]
            if not lost:
                right.append(one)
        return right

    async def _known(self, name: str, ids: set[str], *, own: int) -> frozenset[str]:
        kind = next(number for number, one in enumerate(KINDS) if one.name == name)
        # Records of one kind may refer to each other in any order, so those not judged yet count too.
        found = (self._staging.staged_of if kind == own else self._staging.accepted_of)(kind, ids)
        missing = sorted(ids - found)
        return found | await self._shelves[kind].find_known(self._shop, missing) if missing else found

    async def _store(self, kind: int, records: Sequence[Record]) -> None:
        async def work(transaction: Transaction) -> None:
            await KINDS[kind].store(transaction, records)

        if records:
            await self._records.change(work)


def _compare(kind: Kind, stored: bytes | None, record: Record, counts: Counts) -> bool:
    """Count a record as new, changed or unchanged, and say whether it differs from what is stored."""
    if stored is None:
        counts.new += 1
    elif stored == encode(record) or _is_same(kind, stored, record):
        counts.unchanged += 1
        return False
    else:
        counts.changed += 1
    return True


def _is_same(kind: Kind, stored: bytes, record: Record) -> bool:
    """Compare what the documents mean: the order of options or the zone of a moment makes no other record."""
    try:
        return bool(kind.decode(stored) == record)
    except UnreadableDocumentError:
        return False


@cache
def _trails_to_references(shape: Shape) -> tuple[Trail, ...]:
    return trails_to(shape, lambda part: bool(_kind_of(part)))


def _kind_of(part: object) -> str:
    return part.refers_to if isinstance(part, Leaf) else ""
