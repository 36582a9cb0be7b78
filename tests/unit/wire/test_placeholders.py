"""Scripts are filled as they are meant, whatever values do, and what is wrong is said with its place."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.placeholders import (
    MINING_ADDRESS,
    OF_POOL,
    OF_RIG,
    PASSWORD,
    RIG_NAME,
    WORKER,
    Alphabet,
    PoolValues,
    Problem,
    Refused,
    Values,
    fails_over_itself,
    fill,
    pool_address_problem,
    template_problems,
    value_problem,
)

ONE = PoolValues("one.example:3333", True, "44AFFq5k")
TWO = PoolValues("two.example:4444", False, "bc1qxy", "d=5000,c=BTC")
RIG = Values("w1", "rig-1", "4060")
HOSTILE = (
    '"; rm -rf / #',
    "%PATH%",
    "$(id)",
    "a b",
    "a\nb",
    "-o",
    "a'b",
    "a|b",
    "a&b",
    "a^b",
    "~",
    "é",
    "a\\b",
    "`id`",
)


def refusal(
    template: str, rig: Values = RIG, pools: tuple[PoolValues, ...] = (ONE, TWO)
) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refused:
        fill(template, rig, pools)
    return refused.value.problems


def test_a_script_for_each_pool_where_the_program_knows_one() -> None:
    template = "./m -o {{pool_tls|ssl|tcp}}://{{pool_address}} -u {{mining_address}}.{{worker}} "
    template += "-p {{pool_password}}\n"
    assert fill(template, RIG, (ONE, TWO)) == (
        "./m -o ssl://one.example:3333 -u 44AFFq5k.w1 -p x\n",
        "./m -o tcp://two.example:4444 -u bc1qxy.w1 -p d=5000,c=BTC\n",
    )
    assert not fails_over_itself(template)


def test_one_script_with_all_pools_where_the_program_fails_over_itself() -> None:
    template = "./m{{#pools}} -o {{ pool_host }} {{pool_port}} {{pool_tls|-s|}}{{/pools}} "
    template += "--name {{rig_name}} {{api_port}}"
    assert fails_over_itself(template)
    assert fill(template, RIG, (ONE, TWO)) == (
        "./m -o one.example 3333 -s -o two.example 4444  --name rig-1 4060",
    )


def test_what_stands_outside_of_a_section_is_of_the_first_pool() -> None:
    template = "{{pool_host}}{{#pools}} {{pool_host}}{{/pools}} {{pool_host}}"
    assert fill(template, RIG, (TWO, ONE)) == ("two.example two.example one.example two.example",)


@pytest.mark.parametrize(
    ("template", "line", "column", "word"),
    [
        ("a\n b {{pol}}", 2, 4, "no placeholder"),
        ("{{worker|x}}", 1, 1, "no placeholder"),
        ("{{}}", 1, 1, "no placeholder"),
        ("x\n{{#pools}}", 2, 1, "without {{/pools}}"),
        ("{{/pools}}", 1, 1, "without {{#pools}}"),
        ("{{#pools}}{{#pools}}{{/pools}}", 1, 11, "within"),
        ("run {{", 1, 5, "counterpart"),
        ("run }}", 1, 5, "counterpart"),
        ("run\r\n", 1, 4, "Windows"),
        ("run\0", 1, 4, "cannot have"),
        ("{{pool_tls|a b|c}}", 1, 1, "blanks"),
        ("{{pool_tls}}", 1, 1, "blanks"),
        ("x" * 16_001, 1, 16_001, "at most 16,000"),
    ],
)
def test_what_is_wrong_with_a_template_is_said_with_its_place(
    template: str, line: int, column: int, word: str
) -> None:
    (problem,) = template_problems(template)
    assert (problem.line, problem.column) == (line, column)
    assert word in problem.text
    assert refusal(template) == (problem,)


def test_a_value_that_is_missing_or_wrong_is_said_at_its_placeholder() -> None:
    assert [found[:2] for found in refusal("a {{api_port}}\n{{worker}}", Values())] == [(1, 3), (2, 1)]
    wrong = ONE._replace(mining_address="44A;id")
    (problem,) = refusal("{{#pools}}{{mining_address}}{{/pools}}", pools=(TWO, wrong))
    assert problem == Problem(1, 11, "{{mining_address}}: a mining address cannot have ';' here, letter 4")


def test_a_value_that_no_placeholder_asks_for_need_not_be_there() -> None:
    assert fill("echo {{worker}}", Values(worker="w"), (ONE,)) == ("echo w",)


@pytest.mark.parametrize("count", [0, 9])
def test_a_script_needs_one_to_eight_pools(count: int) -> None:
    assert "1 to 8 pools" in refusal("x", pools=(ONE,) * count)[0].text


@pytest.mark.parametrize(
    "text", ["pool.example", "pool.example:", "pool.example:0", "pool.example:70000", "a:1:2", ":3333"]
)
def test_a_pool_is_a_host_and_a_port(text: str) -> None:
    assert pool_address_problem(text) is not None
    assert refusal("{{pool_address}}", pools=(ONE._replace(address=text),))


@pytest.mark.parametrize("name", [*OF_RIG, *OF_POOL])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_shell_could_read_is_a_value(name: str, text: str) -> None:
    problem = value_problem(text, (OF_RIG | OF_POOL)[name])
    assert problem is not None
    assert problem.column <= len(text)


def of(alphabet: Alphabet) -> st.SearchStrategy[str]:
    return st.from_regex(f"[{alphabet.first}][{alphabet.rest}]{{0,{alphabet.most - 1}}}", fullmatch=True)


rigs = st.builds(Values, of(WORKER), of(RIG_NAME), st.integers(1, 65535).map(str))
pools = st.builds(
    PoolValues,
    st.integers(1, 65535).map("pool.example:{}".format),
    st.booleans(),
    of(MINING_ADDRESS),
    of(PASSWORD),
)


@given(rigs, st.lists(pools, min_size=1, max_size=3))
def test_accepted_values_reach_a_programs_arguments_as_they_are(
    rig: Values, given_pools: list[PoolValues]
) -> None:
    """Through a real sh, unquoted."""
    of_pools = "{{#pools}} {{pool_address}} {{mining_address}} -p{{pool_password}}{{/pools}}"
    template = "printf '%s\\n' {{worker}} {{rig_name}}" + of_pools
    (script,) = fill(template, rig, given_pools)
    told = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, timeout=10, check=True)
    each = [(pool.address, pool.mining_address, f"-p{pool.password}") for pool in given_pools]
    assert told.stdout.splitlines() == [rig.worker, rig.rig_name, *(word for words in each for word in words)]


@given(st.text(alphabet=st.sampled_from("{}|#/pols \nworker_tagm"), max_size=60))
def test_any_text_is_filled_or_refused_in_words(template: str) -> None:
    scripts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    try:
        scripts = fill(template, RIG, (ONE, TWO))
    except Refused as refused:
        problems = refused.problems
    assert all(problem.line >= 1 and problem.column >= 1 and problem.text for problem in problems)
    assert bool(scripts) != bool(problems)
