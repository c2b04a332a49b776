"""Co-activity networks: accounts that post the same text, link, hashtag, media or other item within some seconds."""

from allegedly.synchrony.coactivity.networks import Edges, network
from allegedly.synchrony.coactivity.posts import FilePosts, Posts, Table, read_posts, read_table

__all__ = ["Edges", "FilePosts", "Posts", "Table", "network", "read_posts", "read_table"]
