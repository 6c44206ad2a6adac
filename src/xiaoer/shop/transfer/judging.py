"""The second half of an import: records are put together from staged rows, judged, and stored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import msgspec

from xiaoer.ids import ShopId
from xiaoer.shop.records import Records, Transaction
from xiaoer.shop.transfer.assembling import Assembled, assemble
from xiaoer.shop.transfer.carrying import Undone
from xiaoer.shop.transfer.comparing import Comparison, compare, fault_of
from xiaoer.shop.transfer.faults import Fault
from xiaoer.shop.transfer.kinds import KINDS, Record
from xiaoer.shop.transfer.setting import ImportSetting
from xiaoer.shop.transfer.shapes import Leaf, Shape
from xiaoer.shop.transfer.standing import Standing, Tell, TransferProgress
from xiaoer.shop.transfer.trails import Trail, follow, trails_to
from xiaoer.store import Database, StagedFault, StagedRows, Staging

_BATCH_RECORDS = 500


@dataclass(frozen=True, slots=True)
class _Difference:
    """A record as the files have it, the one that the shop is to hold, and its document when that was judged."""

    one: Assembled
    record: Record
    seen: bytes | None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is found of a batch: the records that may stand, those of them to be taken, and faults.

    `kept` are the faults of those that would undo what was done in a conversation.
    """

    accepted: list[str] = field(default_factory=list)
    differing: list[_Difference] = field(default_factory=list)
    kept: list[StagedFault] = field(default_factory=list)
    faults: list[StagedFault] = field(default_factory=list)


class Judge:
    """Goes through the staged records kind by kind; what is found is kept with the staging, batch by batch."""

    def __init__(
        self, database: Database, shop: ShopId, staging: Staging, standing: Standing, setting: ImportSetting
    ) -> None:
        self._records = Records(database, shop)
        self._shelves = [kind.shelf(database) for kind in KINDS]
        self._shop = shop
        self._staging = staging
        self._standing = standing
        self._setting = setting

    async def go_through(self, tell: Tell, *, stores: bool) -> None:
        """Judge all records from where the standing is; with `stores` the shop takes those that may stand.

        What a batch comes to is noted before it is stored. An import that was stopped in between stores the
        batch again, which changes nothing where it was stored already.
        """
        standing = self._standing
        if stores and standing.after != standing.before:
            await self._store_again(standing.kind)
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
            faults = [*verdict.faults, *verdict.kept]
            self._staging.commit(standing.encoded(), faults=faults, accepted=accepted)
            if stores:
                self._keep_after_all(kind, await self._store(kind, verdict.differing))
            tell(TransferProgress(KINDS[kind].name, standing.judged, standing.share_judged))

    async def _store_again(self, kind: int) -> None:
        """Judge the last batch once more, without counting it, and store what the shop does not hold of it yet."""
        counts = msgspec.structs.replace(self._standing.counts[kind])
        groups = self._staging.groups(kind, after=self._standing.before, most=_BATCH_RECORDS)
        verdict = await self._judged(kind, groups)
        self._standing.counts[kind] = counts
        told = self._staging.faulty_of(fault.record for fault in verdict.kept)
        late = [fault for fault in verdict.kept if (fault.file, fault.line, fault.record) not in told]
        self._keep_after_all(kind, [*late, *await self._store(kind, verdict.differing)])

    def _keep_after_all(self, kind: int, late: Sequence[StagedFault]) -> None:
        """Note the records that were changed in a conversation after they had been judged."""
        for _ in late:
            self._standing.counts[kind].keep_after_all()
        if late:
            self._staging.commit(self._standing.encoded(), faults=late)

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
            stored = known.get(one.record.id)
            beside = self._compared(kind, stored, one)
            self._standing.counts[kind].count(beside.outcome)
            if beside.undone is not None:
                verdict.kept.append(self._kept(one, beside.undone))
            elif beside.outcome != "unchanged":
                verdict.differing.append(_Difference(one, beside.record, stored))
        return verdict

    def _compared(self, kind: int, stored: bytes | None, one: Assembled) -> Comparison:
        return compare(KINDS[kind], stored, one.record, overwrites=self._setting.overwrites_changes)

    def _kept(self, one: Assembled, undone: Undone) -> StagedFault:
        return one.staged(fault_of(undone, self._setting.timezone))

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

    async def _store(self, kind: int, differing: Sequence[_Difference]) -> list[StagedFault]:
        """Have the shop take records, but those that were changed in a conversation meanwhile: these are given."""

        async def work(transaction: Transaction) -> list[StagedFault]:
            held = await self._held(kind, transaction, differing)
            taken, late = list[Record](), list[StagedFault]()
            for each in differing:
                now = held.get(each.one.record.id, each.seen)
                beside = Comparison("changed", each.record) if now == each.seen else self._compared(kind, now, each.one)
                if beside.undone is not None:
                    late.append(self._kept(each.one, beside.undone))
                else:
                    taken.append(beside.record)
            await KINDS[kind].store(transaction, taken)
            return late

        return await self._records.change(work) if differing else []

    async def _held(self, kind: int, transaction: Transaction, differing: Sequence[_Difference]) -> Mapping[str, bytes]:
        """Read once more what the shop holds. What it did not hold came in by no conversation since."""
        read = KINDS[kind].held
        ids = [each.one.record.id for each in differing if each.seen is not None]
        return await read(transaction, ids) if read is not None and ids else {}


@cache
def _trails_to_references(shape: Shape) -> tuple[Trail, ...]:
    return trails_to(shape, lambda part: bool(_kind_of(part)))


def _kind_of(part: object) -> str:
    return part.refers_to if isinstance(part, Leaf) else ""
