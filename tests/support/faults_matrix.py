"""The faults that Saraban must stand, and where each is run: data, read by
faults/test_matrix.py.

A part of a fault that is run nowhere says why in `not_run`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    what: str
    #: file (below tests/) and test
    tests: tuple[str, ...] = ()
    not_run: str = ""


_SIMULATION = "faults/test_simulation.py::test_every_promise_holds"
_KILLED = "faults/test_killed_commands.py::test_a_killed_completion_is_whole_or_not_there"
_STOPPED = "faults/test_killed_commands.py::test_a_stopped_holder_of_the_lock_makes_the_others_wait"
_BACKUP = "faults/test_backup.py::"
_SIGNING = "office/documents/test_signing.py::"
_STAMPS = "contract/signing/test_timestamps.py::"
_FAULTY = "office/documents/test_faulty_authorities.py::"
_LASTING = "contract/signing/test_lasting.py::"
_BUS = "engine/test_bus.py::"
_JOBS = "engine/test_jobs.py::"

MATRIX: dict[str, Fault] = {
    "F1": Fault("killed before the transaction", (_KILLED, _SIMULATION)),
    "F2": Fault("killed in the transaction, at any statement", (_KILLED, _SIMULATION)),
    "F3": Fault("stopped in the transaction, holding the lock", (_STOPPED + "_for_seconds_only",)),
    "F4": Fault(
        "COMMIT sent, its answer lost; or it never arrived",
        (
            "faults/test_lines.py::"
            "test_a_commit_whose_answer_is_lost_has_one_effect_and_the_same_answer",
            _BUS + "test_a_lost_commit_answer_has_one_effect",
            _SIMULATION,
        ),
    ),
    "F5": Fault("committed, but the bell not rung", (_KILLED, _SIMULATION)),
    "F6": Fault(
        "Valkey killed, mute, flushed, read-only, out of memory",
        (
            "faults/test_servers_die.py::test_a_mute_doorbell_keeps_one_waiting_and_not_all",
            "faults/test_servers_die.py::"
            "test_a_dead_doorbell_hinders_no_command_and_the_sweeper_rings_later",
            "faults/test_servers_die.py::test_a_doorbell_that_forgets_or_refuses",
            # guesses are counted in the database: Valkey has no say in them
            "api/pages/test_signing_in.py::test_too_many_guesses_are_told_to_wait",
        ),
        not_run="Valkey of another version: only one is installed here",
    ),
    "F7": Fault("a job rung for five times", (_JOBS + "test_a_job_rung_for_five_times_runs_once",)),
    "F8": Fault(
        "worker killed before or after its work",
        (
            "faults/test_killed_commands.py::test_a_killed_worker_is_replaced",
            "evidence/test_archiving.py::test_killed_anywhere_it_is_whole_or_not_there",
            "processes/test_records_destruction.py::test_who_destroys_dies_and_begins_anew",
            _SIMULATION,
        ),
    ),
    "F9": Fault(
        "worker stopped past its lease",
        (
            "faults/test_killed_commands.py::"
            "test_a_worker_that_slept_through_its_lease_reports_in_vain",
            _SIMULATION,
        ),
    ),
    "F10": Fault(
        "clocks: two at once, a standstill, the time set forward and back",
        (
            "faults/test_killed_commands.py::test_two_clocks_at_once_fire_each_timer_once",
            "engine/test_waiting.py::test_a_cycle_does_not_burst_after_a_standstill",
            _SIMULATION,
        ),
    ),
    "F11": Fault(
        "PostgreSQL killed, stopped at once, its connections ended, under load",
        ("faults/test_servers_die.py::test_clients_of_a_server_that_dies_again_and_again",),
    ),
    "F12": Fault(
        "failover to a replica that lags",
        (
            "faults/test_failover.py::test_a_number_that_a_replica_never_heard_of_is_not_given_again",
        ),
    ),
    "F13": Fault(
        "disk full",
        (
            "faults/test_full_disk.py::test_sqlite_keeps_what_it_accepted_and_nothing_else",
            "faults/test_full_disk.py::test_the_tables_disk_is_full",
            "faults/test_full_disk.py::test_the_logs_disk_is_full",
            "faults/test_full_disk.py::test_the_journals_disk_is_full_when_a_letter_is_signed",
            "api/rest/test_documents.py::test_a_full_disk_is_told_and_loses_nothing",
            "api/rest/test_documents.py::"
            "test_no_room_for_temporary_files_is_told_and_loses_nothing",
            "api/test_readiness.py::test_a_disk_without_room_is_not_ready",
        ),
    ),
    "F14": Fault(
        "deadlock, lost race, lock held for long, SQLite busy",
        (
            _BUS + "test_a_deadlock_is_settled_by_running_again",
            _BUS + "test_a_race_lost_to_another_transaction_is_run_again",
            _BUS + "test_a_lock_held_for_long_is_unavailable",
            _STOPPED + "_for_seconds_only",
        ),
    ),
    "F15": Fault(
        "pool or threads used up",
        (
            "faults/test_lines.py::test_a_pool_that_is_used_up_says_so_soon",
            "api/test_overload.py::test_no_connection_left_is_told_within_the_patience",
            "api/test_overload.py::test_no_seat_left_is_told_soon_and_no_bench_left_at_once",
        ),
    ),
    "F16": Fault(
        "line slow, refusing, cut, silent, its packets vanishing",
        (
            "faults/test_lines.py::test_a_slow_line_is_only_slow",
            "faults/test_lines.py::test_a_line_that_refuses_is_unavailable_and_then_all_goes_on",
            "faults/test_lines.py::test_lines_that_were_cut_while_nobody_spoke_are_not_noticed",
            "faults/test_lines.py::test_a_line_on_which_nothing_is_heard_is_cut",
            "faults/test_vanishing.py::test_for_a_while_it_is_only_slow",
            "faults/test_vanishing.py::"
            "test_a_doorbell_that_nobody_hears_keeps_one_waiting_for_a_moment",
            "faults/test_vanishing.py::"
            "test_for_good_is_said_in_seconds_and_a_repeat_has_one_effect",
        ),
    ),
    "F17": Fault(
        "timestamp authority away, slow, dripping, lying",
        (
            _STAMPS + "test_nobody_at_the_address",
            _STAMPS + "test_a_silent_server",
            _STAMPS + "test_a_server_that_drips",
            _STAMPS + "test_a_replayed_answer",
            _STAMPS + "test_a_forged_answer",
            _SIGNING + "test_a_missing_timestamp_is_added_by_a_job_without_the_key",
            _FAULTY + "test_a_letter_waits_for_a_timestamp_that_is_one",
            _FAULTY + "test_a_renewal_waits_and_what_is_archived_stays",
            _LASTING + "test_evidence_is_asked_for_by_ocsp_else_by_revocation_list",
            _LASTING + "test_an_authority_that_is_silent_stops_archiving_and_not_signing",
            _LASTING + "test_limits_of_what_is_fetched",
            _LASTING + "test_each_level_is_told_for_what_it_is",
        ),
    ),
    "F18": Fault(
        "the act of signing ends after its number was reserved",
        (
            _SIGNING + "test_a_dead_request_keeps_its_number_for_the_same_day",
            _SIGNING + "test_a_dead_request_is_settled_and_its_number_void_the_next_day",
        ),
    ),
    "F19": Fault(
        "a stored state damaged, or another instance's",
        (
            "engine/test_incidents.py::test_a_damaged_state_freezes_its_instance_alone",
            "engine/test_incidents.py::test_the_state_of_another_instance_is_refused",
            "unit/runtime/test_codec.py::test_every_damage_is_noticed",
            "unit/runtime/test_codec.py::test_other_bytes_are_refused",
            "unit/runtime/test_edges.py::test_containers_within_containers",
            "engine/test_promises.py::test_what_is_broken_is_named",
        ),
    ),
    "F20": Fault(
        "a migration killed half-way; the version before on the newest tables",
        (
            "faults/test_killed_migrations.py::test_a_migration_killed_half_way_is_taken_up_again",
            "contract/test_rolling_updates.py::test_each_version_runs_on_the_tables_of_the_next",
        ),
        not_run="what the version before means by its columns: its tests need it installed beside",
    ),
    "F21": Fault(
        "history altered",
        (
            "engine/test_promises.py::test_the_first_event_that_was_altered_is_named",
            "engine/test_promises.py::test_a_tail_that_was_cut_is_named",
            "engine/test_promises.py::test_a_history_in_another_order_or_from_elsewhere_is_named",
            "evidence/test_forgery.py::test_a_case_made_up_from_end_to_end_has_another_seal",
        ),
    ),
    "F22": Fault(
        "backup under load, restored elsewhere",
        (
            _BACKUP + "test_all_tables_are_of_one_moment_while_work_goes_on",
            _BACKUP + "test_a_restore_brings_every_row_file_and_line",
        ),
    ),
    "F23": Fault(
        "parts restarted",
        (
            "unit/api/test_processes.py::test_a_part_that_dies_is_started_again",
            "faults/test_rolling.py::test_nobody_is_cut_off_while_the_web_parts_roll",
        ),
        not_run="a roll of several hosts: the parts that roll here stand on one",
    ),
    "F24": Fault(
        "many at one task, one book, one letter",
        (
            _BUS + "test_many_claim_one_task_and_one_has_it",
            "office/correspondence/test_numbers.py::test_fifty_signers_leave_no_gap_and_no_pair",
            _SIGNING + "test_two_who_sign_one_letter_make_one_signature",
        ),
    ),
    "F25": Fault(
        "too much memory or time, in a step, a job or a request",
        (
            "faults/test_greedy_requests.py::"
            "test_a_request_that_takes_all_memory_is_a_500_and_the_process_goes_on",
            "faults/test_runaways.py::test_it_is_ended_and_the_next_one_runs",
            "faults/test_greedy_jobs.py::"
            "test_too_much_memory_or_time_is_an_incident_and_the_worker_goes_on",
            "faults/test_greedy_jobs.py::"
            "test_what_cannot_be_interrupted_ends_with_its_worker_and_the_next_one_goes_on",
        ),
    ),
    "F26": Fault(
        "poison: always fails, always breaks, falls silent",
        (
            _JOBS + "test_a_failure_is_tried_again_later_and_then_is_an_incident",
            _JOBS + "test_a_silent_last_worker_is_an_incident_not_a_loop",
            "engine/test_waiting.py::test_one_bad_timer_is_put_off_and_stops_no_other",
            "engine/test_waiting.py::test_what_breaks_keeps_the_sweep_from_nothing_else",
        ),
    ),
    "F27": Fault(
        "keys changed while at work",
        (
            "api/test_changed_secret.py::test_the_secret_before_opens_until_all_is_sealed_anew",
            "api/test_changed_secret.py::test_a_value_that_somebody_changes_meanwhile_is_theirs",
            "office/documents/test_keys.py::test_a_new_key_takes_the_place_of_the_old_one",
            _LASTING + "test_what_was_archived_outlives_the_signers_certificate",
            _LASTING + "test_a_renewed_archive_outlives_the_first_timestamps_certificate",
        ),
    ),
    "F28": Fault(
        "ten thousand inboxes return at once",
        (
            "api/test_unchanged.py::test_who_polls_and_finds_no_seat_is_told_without_a_page",
            "api/test_overload.py::test_no_seat_left_is_told_soon_and_no_bench_left_at_once",
            "api/test_overload.py::"
            "test_who_has_stood_before_the_door_too_long_takes_no_seat_from_others",
        ),
        not_run="all ten thousand at once: how soon they are served is a figure, not a promise",
    ),
}
