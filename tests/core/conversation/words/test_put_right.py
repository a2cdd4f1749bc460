"""Times that a speaker hesitates over or corrects."""

import pytest

from core.conversation.words.put_right import put_right


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("thursday at uh two no three", "thursday at three"),
        ("thursday at um, 2 no wait 3 pm", "thursday at 3 pm"),
        ("tuesday, sorry, wednesday at ten", "wednesday at ten"),
        ("at ten i mean eleven thirty", "at eleven thirty"),
        # nothing is put right here
        ("no three people", "no three people"),
        ("tuesday at two no later", "tuesday at two no later"),
        ("not two but at three", "not two but at three"),
    ],
)
def test_only_the_last_of_corrected_times_is_kept(said, meant):
    assert put_right(said) == meant
