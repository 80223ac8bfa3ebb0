import pytest

from bn_tui.exporting.markdown import code, escape, table


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a | b_c *d* `e`", r"a \| b\_c \*d\* \`e\`"),
        ("<b>&amp;</b> [x](y) $z$", r"\<b\>\&amp;\</b\> \[x\](y) \$z\$"),
        ("two\nlines\t and\x1b more", "two lines and\N{REPLACEMENT CHARACTER} more"),
        ("C:\\data", r"C:\\data"),
        (".9625", ".9625"),
    ],
)
def test_a_text_reads_as_it_is(text, escaped):
    assert escape(text) == escaped


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("--data a_b", "`--data a_b`"),
        ("a`b", "`` a`b ``"),
        ("``", "``` `` ```"),
        ("", "`  `"),
    ],
)
def test_code_has_a_fence_that_its_text_has_not(text, coded):
    assert code(text) == coded


def test_a_table_has_a_rule_below_its_headers():
    assert table(("a", "b"), [("x", "1")]).splitlines() == [
        "| a | b |",
        "| :-- | --: |",
        "| x | 1 |",
    ]
