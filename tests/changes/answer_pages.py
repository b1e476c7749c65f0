"""What answers in an article's place: notices that it is gone, walls that say nothing, lists. All texts our own."""

from page_frames import MENU, links

_MASK = "<html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{body}</body></html>"


def bare(title: str, body: str, head: str = "") -> str:
    return _MASK.format(title=title, body=body, head=head)


def framed(text: str, title: str = "栖河新闻网") -> str:
    """A notice in the site's own frame: menu, hot list, foot."""
    return bare(
        title,
        f"<ul class='menu'>{MENU}</ul><div class='tip'>{text}</div><div class='hot'><h3>热门推荐</h3>{links()}</div>"
        "<div class='footer'>栖河融媒体中心版权所有 Copyright 2008-2024 云ICP备00000001号</div>",
    )


NOTICES = (
    "您访问的页面不存在",
    "对不起，您访问的页面不存在或已被删除！",
    "抱歉，您要访问的页面找不到了",
    "页面找不到了",
    "页面走丢了",
    "哎呀，页面不见了，去别处看看吧",
    "该信息已删除",
    "该信息不存在或已被删除",
    "此信息已被发布者删除",
    "文章不存在或已被删除",
    "您查看的文章不存在",
    "该文章已下线",
    "该内容已被作者删除",
    "内容已下架",
    "稿件已下线",
    "稿件已被撤销",
    "您请求的文件不存在",
    "您查找的资源可能已被删除、已更改名称或者暂时不可用",
    "对不起，没有找到您要的信息",
    "很抱歉，没有找到相关内容",
    "未找到该新闻",
    "信息已过期",
    "该新闻已经撤稿",
    "您访问的链接已失效",
    "找不到指定的文章",
    "没有相关信息",
    "网页已不存在",
    "参数错误，文章ID不存在",
    "您所访问的内容尚未发布或已撤回",
    "该页面已被移除",
    "404，您要找的页面被外星人带走了",
    "該頁面不存在",
    "抱歉，找不到您要瀏覽的網頁",
    "Page Not Found",
    "The page you requested could not be found.",
    "Sorry, this article has been removed.",
    "Oops! That page can’t be found.",
    "This page no longer exists",
    "The requested URL was not found on this server.",
    "HTTP Error 404. The requested resource is not found.",
)

GONE: tuple[tuple[str, str], ...] = (
    ("404 in the title alone", bare("404", "<img src='/404.png'>")),
    ("404 as a heading", bare("出错了", "<h1>404</h1><p>请返回首页重新访问</p>")),
    ("nginx", bare("404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx</center>")),
    (
        "iis",
        bare(
            "404 - 找不到文件或目录。",
            "<h2>404 - 找不到文件或目录。</h2><h3>您要查找的资源可能已被删除，已更改名称或者暂时不可用。</h3>",
        ),
    ),
    (
        "tomcat",
        bare(
            "Apache Tomcat - Error report",
            "<h1>HTTP Status 404 - /news/1.html</h1><p>The requested resource is not available.</p>",
        ),
    ),
    (
        "thinkphp",
        bare(
            "系统发生错误", "<h1>:(</h1><h1>文章不存在</h1><p>ThinkPHP V3 { Fast &amp; Simple OOP PHP Framework }</p>"
        ),
    ),
    (
        "dedecms' message",
        bare("提示信息", "<div><b>提示信息！</b><br>文档不存在或已被删除！<br><a href='/'>点击返回首页</a></div>"),
    ),
    ("a script's alert and a way back", bare("提示", "<script>alert('x')</script><p>该信息不存在，3秒后返回首页</p>")),
    ("countdown", framed("<h2>您访问的页面不存在</h2><p>5秒后自动跳转到<a href='/'>首页</a></p>")),
    ("public service not found", framed("<h3>404公益</h3><p>宝贝回家：寻找走失的孩子</p>", "404公益页面")),
)

WALLS: tuple[tuple[str, int, str], ...] = (
    (
        "chuangyu shield",
        200,
        bare(
            "创宇盾",
            "<h1>当前访问疑似黑客攻击，已被创宇盾拦截</h1><p>事件编号：8f2c</p><p>如果您是网站管理员请登录查看详情</p>",
        ),
    ),
    (
        "chuangyu shield checks",
        521,
        bare(
            "",
            "",
            "<script>document.cookie=('_')+('_')+('j')+('s')+'l_clearance=171.4|0|x;';location.href=location.pathname</script>",
        ),
    ),
    (
        "bare script 521",
        521,
        "<script>document.cookie='__jsl_clearance_s=1.2|-1|a;max-age=3600';location.reload()</script>",
    ),
    (
        "the same with 200",
        200,
        "<script>document.cookie='__jsl_clearance_s=1.2|-1|a;max-age=3600';location.reload()</script>",
    ),
    (
        "safedog",
        200,
        bare(
            "网站防火墙",
            "<h2>网站防火墙</h2><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>"
            "<p>可能原因：您提交的内容包含危险的攻击请求</p>",
        ),
    ),
    (
        "yundun",
        405,
        bare(
            "405", "<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>您的请求ID是: 76b2</p>"
        ),
    ),
    (
        "yundun with 200",
        200,
        bare("访问阻断", "<p>由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>您的请求ID是: 76b2</p>"),
    ),
    (
        "ruishu",
        412,
        "<!DOCTYPE html><html><head><meta charset='utf-8'><meta id='9DhefwqGPrzG' content='Qa0x' r='m'>"
        "<script src='/8a9f.js' r='m'></script><script r='m'>$_ts=window['$_ts'];</script></head><body></body></html>",
    ),
    (
        "ruishu with 200",
        200,
        "<html><head><meta id='9DhefwqGPrzG' content='Qa0x' r='m'><script src='/8a9f.js' r='m'></script></head>"
        "<body></body></html>",
    ),
    (
        "needs a script",
        200,
        "<html><head><meta charset='utf-8'><script>var a='x'</script></head><body><noscript><h1>"
        "<strong>请开启JavaScript并刷新该页."
        "</strong></h1></noscript></body></html>",
    ),
    ("needs a script, said aloud", 200, bare("", "<h1><strong>请开启JavaScript并刷新该页.</strong></h1>")),
    ("needs cookies", 200, bare("提示", "<p>请启用Cookie后再访问本站</p>")),
    (
        "slide to go on",
        200,
        bare("安全验证", "<p>为了您的账号安全，请完成下方验证</p><div>请按住滑块，拖动到最右边</div>"),
    ),
    ("captcha", 200, bare("验证码", "<form><p>您的访问过于频繁，请输入验证码后继续访问</p><input name='code'></form>")),
    ("person or machine", 200, bare("人机验证", "<p>请证明您不是机器人</p>")),
    ("too often", 200, bare("提示", "<p>访问过于频繁，请稍后再试</p>")),
    ("too often 429", 429, bare("429", "<p>Too Many Requests</p>")),
    ("refused", 403, bare("403 Forbidden", "<h1>403 Forbidden</h1><p>openresty</p>")),
    ("refused with 200", 200, bare("403 Forbidden", "<h1>403 Forbidden</h1>")),
    ("your address is refused", 200, bare("拒绝访问", "<p>您的IP地址不在允许范围内，访问被拒绝</p>")),
    ("checking the browser", 503, bare("Just a moment...", "<p>Checking your browser before accessing.</p>")),
    ("checking with 200", 200, bare("Just a moment...", "<p>Checking if the site connection is secure</p>")),
    ("checking in Chinese", 200, bare("请稍候…", "<p>正在检查您的浏览器，请稍候</p><p>浏览器安全检查中，还剩5秒</p>")),
    ("under repair", 503, bare("系统维护", "<p>系统升级维护中，请稍后访问</p>")),
    ("under repair with 200", 200, bare("系统维护", "<p>网站正在升级维护，给您带来不便敬请谅解，请稍后访问</p>")),
    ("gateway", 502, bare("502 Bad Gateway", "<h1>502 Bad Gateway</h1>")),
    (
        "gateway's page with 200",
        200,
        bare("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"),
    ),
    (
        "server's fault with 200",
        200,
        bare("服务器错误", "<h1>服务器内部错误</h1><p>java.lang.NullPointerException</p>"),
    ),
    ("database down with 200", 200, bare("错误", "<p>数据库连接失败，请联系管理员</p>")),
    (
        "log in",
        200,
        bare("用户登录", "<h2>用户登录</h2><form>用户名<input name='u'>密码<input type='password' name='p'></form>"),
    ),
    (
        "log in, in the site's frame",
        200,
        framed("<h2>统一身份认证登录</h2><form>账号<input name='u'>密码<input type='password'></form>"),
    ),
    ("nothing", 200, ""),
    ("blanks", 200, " \r\n "),
    ("an empty page", 200, "<html><head></head><body></body></html>"),
    (
        "a hotel's portal",
        200,
        bare("上网认证", "<p>欢迎使用无线网络，请输入手机号获取验证码登录</p><form><input></form>"),
    ),
    ("site closed to machines", 200, bare("", "<script>location.href='/WZWSREL2FydC8x?wzwschallenge=V1pX'</script>")),
    ("wts wall", 200, bare("WTS-WAF", "<p>您的请求已被WTS-WAF拦截</p>")),
    ("over the limit", 200, bare("", "<p>该站点流量已超限，请联系服务商</p>")),
)
